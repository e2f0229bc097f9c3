frappe.listview_settings["AO Sales Rep"] = {
	add_fields: ["inactive"],
	get_indicator: (doc) =>
		doc.inactive ? [__("Inactive"), "gray", "inactive,=,1"] : [__("Active"), "green", "inactive,=,0"],
};
