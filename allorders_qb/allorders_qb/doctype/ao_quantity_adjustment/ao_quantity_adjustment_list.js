frappe.listview_settings["AO Quantity Adjustment"] = {
	add_fields: ["status", "quickbooks_status"],
	has_indicator_for_draft: true,
};
