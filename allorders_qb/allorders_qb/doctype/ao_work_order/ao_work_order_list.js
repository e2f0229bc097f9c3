frappe.listview_settings["AO Work Order"] = {
	add_fields: ["status", "quickbooks_status"],
	has_indicator_for_draft: true,
	// Where there is little room: the list of what is to be made first can be sorted by it all the same.
	spared_column: "required_by",
};
