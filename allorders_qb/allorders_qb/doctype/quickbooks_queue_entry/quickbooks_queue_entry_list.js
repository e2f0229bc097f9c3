frappe.listview_settings["QuickBooks Queue Entry"] = {
	hide_name_column: true,
	add_fields: ["waits_for_synchronization"],
	onload(listview) {
		if (!frappe.user.has_role("QuickBooks Manager") && !frappe.user.has_role("System Manager")) return;
		listview.page.add_inner_button(__("Send Waiting Now"), () =>
			frappe
				.xcall("allorders_qb.api.queue.send_waiting_now")
				.then((message) => frappe.show_alert({ message, indicator: "green" }))
				.then(() => listview.refresh())
		);
	},
};
