frappe.listview_settings["AO Customer Return"] = {
	add_fields: ["status", "quickbooks_status"],
	// A draft is announced, and says so.
	has_indicator_for_draft: true,
};
