frappe.listview_settings["AO Receiver"] = {
	add_fields: ["status", "quickbooks_status", "billing"],
	// A draft is on its way, and says so.
	has_indicator_for_draft: true,
};
