frappe.listview_settings["AO Vendor"] = {
	// The name is the title.
	hide_name_column: true,
	add_fields: ["inactive"],
	get_indicator: (doc) =>
		doc.inactive ? [__("Inactive"), "gray", "inactive,=,1"] : [__("Active"), "green", "inactive,=,0"],
};
