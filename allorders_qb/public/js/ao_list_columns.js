// Frappe leaves the last columns of a list out on screens up to 1366 pixels wide, and those are what people look for: the
// total, the QuickBooks status. Here they stay, and a column that can be spared (a date: the list is in order of time,
// and each row says how long ago) goes instead, so that the numbers of documents stay legible. A List View Settings
// record wins. Pasted into list scripts by Frappe: no backslashes in it.
frappe.provide("allorders_qb");

allorders_qb.show_last_columns = function (listview, spared) {
	if (window.innerWidth > 1366 || listview.list_view_settings.total_fields) return;
	listview.list_view_settings.total_fields = 6;
	const setup_columns = listview.setup_columns;
	listview.setup_columns = function () {
		setup_columns.call(this);
		this.columns = this.columns.filter(
			(column) => !spared || !column.df || column.df.fieldname !== spared
		);
	};
	listview.setup_columns();
	listview.render_header(true);
};
