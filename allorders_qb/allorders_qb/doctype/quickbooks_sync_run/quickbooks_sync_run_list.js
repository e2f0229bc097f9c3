// Frappe replaces the next lines by the files they name.
// {% include "allorders_qb/public/js/ao_list_columns.js" %}
// {% include "allorders_qb/public/js/quickbooks_sync.js" %}
// {% include "allorders_qb/public/js/quickbooks_send_all.js" %}

frappe.listview_settings["QuickBooks Sync Run"] = {
	hide_name_column: true,

	onload(listview) {
		allorders_qb.show_last_columns(listview);
		allorders_qb.widen_columns(listview, { summary: 3 });
		const area = $('<div class="quickbooks-sync-area" style="margin: 12px 15px"></div>').prependTo(
			listview.page.main
		);
		allorders_qb.sync.show_panel(area);
		if (!allorders_qb.sync.may_run()) return;
		listview.page.add_inner_button(__("Preview Send All"), () => allorders_qb.send_all.show());
		listview.page.add_inner_button(__("Sync Lists…"), async () =>
			allorders_qb.sync.ask_lists(await frappe.xcall(`${allorders_qb.sync.API}.get_lists`))
		);
		listview.page.add_inner_button(__("Full Sync"), () => allorders_qb.sync.ask_full());
	},
};
