// Frappe leaves columns of a list out on screens up to 1366 pixels wide. Ours shows six there too, a little narrower:
// the last ones (the total, the QuickBooks status) are what people look for. A List View Settings record wins.
// Pasted into list scripts by Frappe: no backslashes in it.
frappe.provide("allorders_qb");

allorders_qb.show_six_columns = function (listview) {
	if (window.innerWidth > 1366 || listview.list_view_settings.total_fields) return;
	listview.list_view_settings.total_fields = 6;
	listview.setup_columns();
	listview.render_header(true);
};
