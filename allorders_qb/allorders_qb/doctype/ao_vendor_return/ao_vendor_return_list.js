frappe.listview_settings["AO Vendor Return"] = {
	add_fields: ["status", "quickbooks_status"],
	has_indicator_for_draft: true,
};
