// Frappe replaces the next five lines by the files they name.
// {% include "allorders_qb/public/js/ao_money.js" %}
// {% include "allorders_qb/public/js/ao_numbers.js" %}
// {% include "allorders_qb/public/js/ao_tax.js" %}
// {% include "allorders_qb/public/js/ao_document_form.js" %}
// {% include "allorders_qb/public/js/ao_buying_form.js" %}

allorders_qb.buying_form.bind("AO Purchase Order", "AO Purchase Order Line");

frappe.ui.form.on("AO Purchase Order", {
	setup(frm) {
		frm.custom_make_buttons = { "AO Receiver": "Receiver" };
	},

	refresh(frm) {
		allorders_qb.buying_form.add_source_button(frm, __("Sales Order"), {
			doctype: "AO Sales Order",
			method: allorders_qb.document_form.ORDER_MODULE + ".make_purchase_order",
			date_field: "order_date",
			columns: ["name", "customer", "order_date", "percent_shipped"],
			filters: () => ({ docstatus: 1, status: ["in", ["Open", "Partially Shipped"]] }),
		});
		if (frm.doc.docstatus !== 1) return;
		const receivable = ["Open", "Partially Received"].includes(frm.doc.status);
		if (receivable && frappe.model.can_create("AO Receiver")) {
			frm.add_custom_button(
				__("Receiver"),
				() =>
					frappe.model.open_mapped_doc({
						method: allorders_qb.buying_form.ORDER_MODULE + ".make_receiver",
						frm,
					}),
				__("Create")
			);
			frm.page.set_inner_btn_group_as_primary(__("Create"));
		}
		if (receivable && frm.has_perm("submit")) {
			frm.add_custom_button(__("Close"), () =>
				frappe.confirm(__("Close {0}? What is left of it will not be received.", [frm.doc.name]), () =>
					frm.events.call_order_method(frm, "close_purchase_order")
				)
			);
		}
		if (frm.doc.is_closed && frm.has_perm("submit")) {
			frm.add_custom_button(__("Reopen"), () => frm.events.call_order_method(frm, "reopen_purchase_order"));
		}
		const percent = frm.doc.percent_received || 0;
		const colour = percent >= 100 ? "green" : percent > 0 ? "orange" : "blue";
		frm.dashboard.add_indicator(__("{0}% received", [percent]), colour);
	},

	async call_order_method(frm, method) {
		await frappe.call({
			method: allorders_qb.buying_form.ORDER_MODULE + "." + method,
			args: { name: frm.doc.name },
			freeze: true,
		});
		await frm.reload_doc();
	},
});
