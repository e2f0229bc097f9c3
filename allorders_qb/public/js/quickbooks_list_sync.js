// "Sync Selected with QuickBooks", in the lists of documents and of records. Pasted into list scripts: no backslashes.
frappe.provide("allorders_qb");

allorders_qb.add_sync_action = function (listview) {
	const may = ["QuickBooks Poster", "QuickBooks Manager", "System Manager"];
	if (!may.some((role) => frappe.user.has_role(role))) return;
	const show = () => {
		listview.clear_checked_items();
		listview.refresh();
	};
	listview.page.add_actions_menu_item(
		__("Sync Selected with QuickBooks"),
		() => {
			const names = listview.get_checked_items(true);
			frappe.require("/assets/allorders_qb/js/quickbooks_sync.js", () =>
				allorders_qb.sync.sync_records(listview.doctype, names, show)
			);
		},
		false
	);
};
