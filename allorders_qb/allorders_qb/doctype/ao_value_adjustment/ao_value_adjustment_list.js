frappe.listview_settings["AO Value Adjustment"] = {
	add_fields: ["status", "quickbooks_status"],
	has_indicator_for_draft: true,
};
