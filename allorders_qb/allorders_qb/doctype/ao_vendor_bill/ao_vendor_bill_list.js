frappe.listview_settings["AO Vendor Bill"] = {
	add_fields: ["status", "quickbooks_status"],
	has_indicator_for_draft: true,
};
