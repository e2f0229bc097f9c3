// Frappe replaces the next line by the file it names.
// {% include "allorders_qb/public/js/ao_list_columns.js" %}

// The Sync Queue, in the order of sending: what is still open, oldest first.
frappe.listview_settings["QuickBooks Queue Entry"] = {
	hide_name_column: true,
	add_fields: ["waits_for_synchronization", "blocked_by"],
	OPEN: ["Queued", "Sending", "Outcome Unknown", "Needs Attention"],

	onload(listview) {
		allorders_qb.show_last_columns(listview);
		allorders_qb.widen_columns(listview, { Status: 1.3, reason: 3 });
		const queue = frappe.listview_settings["QuickBooks Queue Entry"];
		listview.page.add_inner_button(__("Still Open"), () => queue.show_open(listview));
		const has_role = (roles) => roles.some((role) => frappe.user.has_role(role));
		if (has_role(["QuickBooks Poster", "QuickBooks Manager", "System Manager"])) {
			listview.page.add_actions_menu_item(__("Try Again"), () => queue.do_many(listview, "retry_many"), false);
		}
		if (!has_role(["QuickBooks Manager", "System Manager"])) return;
		listview.page.add_actions_menu_item(__("Remove"), () => queue.ask_remove(listview), false);
		listview.page.add_inner_button(__("Send Waiting Now"), async () => {
			const { message } = await frappe.call({
				method: "allorders_qb.api.queue.send_waiting_now",
				freeze: true,
			});
			frappe.show_alert({ message: frappe.utils.escape_html(message), indicator: "green" }, 7);
			listview.refresh();
		});
	},

	async show_open(listview) {
		const queue = frappe.listview_settings["QuickBooks Queue Entry"];
		await listview.filter_area.clear(false);
		const sorting = listview.sort_selector;
		// Early versions of Frappe 15 only have the two values.
		if (sorting.set_value) sorting.set_value("creation", "asc");
		else Object.assign(sorting, { sort_by: "creation", sort_order: "asc" });
		await listview.filter_area.add([["QuickBooks Queue Entry", "status", "in", queue.OPEN]]);
	},

	ask_remove(listview) {
		const queue = frappe.listview_settings["QuickBooks Queue Entry"];
		const count = listview.get_checked_items(true).length;
		frappe.confirm(
			__(
				"Take {0} entries out of the queue? What is in QuickBooks, or may be, stays. Documents are then Not Sent until somebody presses their button; list records stay in QuickBooks as they are there.",
				[count]
			),
			() => queue.do_many(listview, "remove_many")
		);
	},

	async do_many(listview, method) {
		const { message } = await frappe.call({
			method: `allorders_qb.api.queue.${method}`,
			args: { queue_entries: listview.get_checked_items(true) },
			freeze: true,
		});
		const escape = frappe.utils.escape_html;
		frappe.show_alert({ message: __("{0} entries done.", [message.done]), indicator: "green" }, 5);
		if (message.refused.length) {
			frappe.msgprint({
				title: __("{0} Could Not Be", [message.refused.length]),
				message: message.refused.map(escape).join("<br>"),
				indicator: "orange",
			});
		}
		listview.clear_checked_items();
		listview.refresh();
	},
};
