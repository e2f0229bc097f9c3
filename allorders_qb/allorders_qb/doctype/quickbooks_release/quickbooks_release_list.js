frappe.listview_settings["QuickBooks Release"] = {
	hide_name_column: true,

	onload(listview) {
		if (!["QuickBooks Poster", "QuickBooks Manager", "System Manager"].some((role) => frappe.user.has_role(role)))
			return;
		listview.page.add_actions_menu_item(__("Release Selected"), () => release_selected(listview), false);
	},
};

async function release_selected(listview) {
	const rows = listview.get_checked_items();
	const results = [];
	for (const doctype of new Set(rows.map((row) => row.reference_doctype))) {
		const names = rows.filter((row) => row.reference_doctype === doctype).map((row) => row.reference_name);
		const { message } = await frappe.call({
			method: "allorders_qb.api.send_all.release_documents",
			args: { doctype, names },
			freeze: true,
		});
		results.push(...message);
	}
	frappe.msgprint({
		title: __("{0} of {1} Released", [results.filter((result) => result.ok).length, results.length]),
		message: results.map((result) => frappe.utils.escape_html(result.message)).join("<br>"),
	});
	listview.clear_checked_items();
	listview.refresh();
}
