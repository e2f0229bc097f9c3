// "Record Selected Items in QuickBooks" in the lists of posting documents; wraps what the list's own script has set.
frappe.provide("allorders_qb");

allorders_qb.show_results = function (results) {
	const rows = results
		.map(
			(result) => `<tr data-name="${frappe.utils.escape_html(result.name)}">
				<td><span class="indicator-pill ${result.ok ? "green" : "red"}">${result.ok ? __("OK") : __("No")}</span></td>
				<td>${frappe.utils.escape_html(result.name)}</td>
				<td>${frappe.utils.escape_html(result.message)}</td>
			</tr>`
		)
		.join("");
	const done = results.filter((result) => result.ok).length;
	frappe.msgprint({
		title: __("{0} of {1} on their way to QuickBooks", [done, results.length]),
		indicator: done === results.length ? "green" : "orange",
		message: `<table class="table table-condensed quickbooks-results">${rows}</table>`,
		wide: true,
	});
};

allorders_qb.extend_list = function (doctype) {
	const settings = (frappe.listview_settings[doctype] = frappe.listview_settings[doctype] || {});
	const own_onload = settings.onload;
	settings.onload = function (listview) {
		if (own_onload) own_onload.call(this, listview);
		if (!["QuickBooks Poster", "QuickBooks Manager", "System Manager"].some((role) => frappe.user.has_role(role))) {
			return;
		}
		listview.page.add_actions_menu_item(
			__("Record Selected Items in QuickBooks"),
			async () => {
				const names = listview.get_checked_items(true);
				const results = await frappe.xcall("allorders_qb.api.documents.record_selected", { doctype, names });
				allorders_qb.show_results(results);
				listview.refresh();
			},
			false
		);
	};
};

allorders_qb.extend_list("AO Ship Doc");
