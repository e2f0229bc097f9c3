// Frappe replaces the next line by the file it names.
// {% include "allorders_qb/public/js/ao_list_columns.js" %}

frappe.listview_settings["AO Stock Balance"] = {
	// Its own name is a number without a meaning.
	hide_name_column: true,
	onload: (listview) => allorders_qb.show_last_columns(listview),
};
