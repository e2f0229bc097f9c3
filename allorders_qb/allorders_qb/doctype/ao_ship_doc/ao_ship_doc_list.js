frappe.listview_settings["AO Ship Doc"] = {
	add_fields: ["status", "quickbooks_status"],
	// A draft has goods committed to it, and says so.
	has_indicator_for_draft: true,
};
