// Frappe replaces the next lines by the files they name.
// {% include "allorders_qb/public/js/ao_list_columns.js" %}
// {% include "allorders_qb/public/js/quickbooks_list_sync.js" %}

// The lists of posting documents: the QuickBooks status in its colour, and "Record Selected Items in QuickBooks".
// Wraps what the list's own script has set.
frappe.provide("allorders_qb");

allorders_qb.list_actions = {
	POSTERS: ["QuickBooks Poster", "QuickBooks Manager", "System Manager"],
	MOVING: ["Queued", "Sending"],
	FOLLOW_MILLISECONDS: 3000,
	FOLLOW_TIMES: 20,
	COLOURS: {
		Sent: "green",
		Queued: "blue",
		Sending: "blue",
		"Outcome Unknown": "orange",
		"Sent – Differs": "orange",
		"Needs Attention": "red",
	},

	extend(doctype) {
		const actions = this;
		const settings = (frappe.listview_settings[doctype] = frappe.listview_settings[doctype] || {});
		const own_onload = settings.onload;
		settings.add_fields = [...(settings.add_fields || []), "quickbooks_reason"];
		settings.formatters = {
			...settings.formatters,
			quickbooks_status: (value, df, doc) => actions.format_status(value, doc.quickbooks_reason),
		};
		settings.onload = function (listview) {
			if (own_onload) own_onload.call(this, listview);
			allorders_qb.show_last_columns(listview, this.spared_column || "posting_date");
			allorders_qb.widen_columns(listview, { quickbooks_status: 1.5 });
			if (actions.POSTERS.some((role) => frappe.user.has_role(role))) {
				listview.page.add_actions_menu_item(
					__("Record Selected Items in QuickBooks"),
					() => actions.record(listview, listview.get_checked_items(true)),
					false
				);
			}
			allorders_qb.add_sync_action(listview);
		};
	},

	// The reason in one sentence is there for who points at the status.
	format_status(status, reason) {
		if (!status) return "";
		const colour = this.COLOURS[status] || "gray";
		const title = frappe.utils.escape_html(reason || __(status));
		return `<span class="indicator-pill ${colour} ellipsis" title="${title}">${frappe.utils.escape_html(
			__(status)
		)}</span>`;
	},

	async record(listview, names) {
		const { message: results } = await frappe.call({
			method: "allorders_qb.api.documents.record_selected",
			args: { doctype: listview.doctype, names },
			freeze: true,
			freeze_message: __("Sending to QuickBooks…"),
		});
		this.show_results(listview.doctype, results);
		listview.clear_checked_items();
		await listview.refresh();
		this.follow(listview, names, this.FOLLOW_TIMES);
	},

	// A site without a realtime server tells nobody; so the list looks again while what was selected is on its way.
	follow(listview, names, times) {
		setTimeout(async () => {
			if (!times || cur_list !== listview || listview.get_checked_items().length) return;
			await listview.refresh();
			const moves = (doc) => names.includes(doc.name) && this.MOVING.includes(doc.quickbooks_status);
			if (listview.data.some(moves)) this.follow(listview, names, times - 1);
		}, this.FOLLOW_MILLISECONDS);
	},

	show_results(doctype, results) {
		const escape = frappe.utils.escape_html;
		const rows = results.map(
			(result) => `<tr data-name="${escape(result.name)}">
				<td class="text-nowrap"><a href="${frappe.utils.get_form_link(doctype, result.name)}">${escape(
				result.name
			)}</a></td>
				<td class="text-nowrap"><span class="indicator-pill ${result.ok ? "green" : "red"}">${
				result.ok ? __("Done") : __("Not Sent")
			}</span></td>
				<td>${escape(result.message)}</td>
			</tr>`
		);
		const done = results.filter((result) => result.ok).length;
		frappe.msgprint({
			title: __("{0} of {1} in QuickBooks, or on their way", [done, results.length]),
			indicator: done === results.length ? "green" : "orange",
			message: `<table class="table quickbooks-results">${rows.join("")}</table>`,
			wide: true,
		});
	},
};

[
	"AO Ship Doc",
	"AO Customer Return",
	"AO Payment",
	"AO Work Order",
	"AO Quantity Adjustment",
	"AO Value Adjustment",
	"AO Cost True-Up",
	"AO Receiver",
	"AO Vendor Bill",
	"AO Vendor Return",
].forEach((doctype) => allorders_qb.list_actions.extend(doctype));
