// Frappe replaces the next line by the file it names.
// {% include "allorders_qb/public/js/ao_list_columns.js" %}

frappe.listview_settings["QuickBooks Queue Entry"] = {
	hide_name_column: true,
	add_fields: ["waits_for_synchronization"],

	onload(listview) {
		allorders_qb.show_last_columns(listview);
		if (!["QuickBooks Manager", "System Manager"].some((role) => frappe.user.has_role(role))) return;
		listview.page.add_inner_button(__("Send Waiting Now"), async () => {
			const { message } = await frappe.call({
				method: "allorders_qb.api.queue.send_waiting_now",
				freeze: true,
			});
			frappe.show_alert({ message: frappe.utils.escape_html(message), indicator: "green" }, 7);
			listview.refresh();
		});
	},
};
