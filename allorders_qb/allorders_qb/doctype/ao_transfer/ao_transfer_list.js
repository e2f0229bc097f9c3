frappe.listview_settings["AO Transfer"] = {
	add_fields: ["status"],
	has_indicator_for_draft: true,
};
