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

// Frappe gives every column but the first the same room. Here those in `widths` (by field name, or Status) take that many
// times as much, and of a sentence what does not fit into a line goes into a second one: it is there to be read.
allorders_qb.widen_columns = function (listview, widths) {
	const list = listview.doctype;
	listview.$result.attr("data-ao-list", list);
	const style = $("<style></style>").appendTo(listview.page.wrapper);
	const draw = () => {
		const rules = listview.columns.map((column, index) => {
			const width = widths[column.df ? column.df.fieldname : column.type];
			if (!width) return "";
			const cell = `.level-left > .list-row-col:nth-child(${index + 1})`;
			const room = `[data-ao-list="${list}"] ${cell} { flex: ${width} }`;
			if (!column.df || column.df.fieldtype !== "Small Text") return room;
			return `${room} [data-ao-list="${list}"] .list-row ${cell} .ellipsis { white-space: normal;
				display: -webkit-box; -webkit-line-clamp: 2; -webkit-box-orient: vertical; line-height: 1.25 }`;
		});
		style.text(rules.join(" "));
	};
	const setup_columns = listview.setup_columns;
	listview.setup_columns = function () {
		setup_columns.call(this);
		draw();
	};
	draw();
};
