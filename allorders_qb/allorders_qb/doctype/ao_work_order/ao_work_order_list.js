frappe.listview_settings["AO Work Order"] = {
	add_fields: ["status", "quickbooks_status"],
	has_indicator_for_draft: true,
};
