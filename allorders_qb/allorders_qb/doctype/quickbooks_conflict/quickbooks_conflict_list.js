// Frappe replaces the next line by the file it names.
// {% include "allorders_qb/public/js/ao_list_columns.js" %}

frappe.listview_settings["QuickBooks Conflict"] = {
	hide_name_column: true,
	add_fields: ["status", "kind"],
	filters: [["status", "=", "Open"]],
	get_indicator: (doc) =>
		doc.status === "Open"
			? [__("Open"), "orange", "status,=,Open"]
			: [__("Resolved"), "green", "status,=,Resolved"],

	onload(listview) {
		allorders_qb.show_last_columns(listview);
		allorders_qb.widen_columns(listview, { sentence: 3 });
		const managers = ["QuickBooks Manager", "System Manager"];
		if (!managers.some((role) => frappe.user.has_role(role))) return;
		[
			["Keep Ours", __("Keep ours of {0} conflicts? They are sent to QuickBooks.")],
			["Take QuickBooks'", __("Take QuickBooks' values of {0} conflicts over?")],
		].forEach(([answer, question]) =>
			listview.page.add_actions_menu_item(__(answer), () => {
				const names = listview.get_checked_items(true);
				frappe.confirm(question.replace("{0}", names.length), async () => {
					const results = await frappe.xcall("allorders_qb.api.conflicts.resolve_selected", {
						names,
						answer,
					});
					const refused = results.filter((one) => !one.ok);
					frappe.msgprint({
						title: __("{0} of {1} decided", [results.length - refused.length, results.length]),
						message: refused.map((one) => frappe.utils.escape_html(one.message)).join("<br>"),
						indicator: refused.length ? "orange" : "green",
					});
					listview.refresh();
				});
			})
		);
	},
};
