// Frappe replaces the next four lines by the files they name.
// {% include "allorders_qb/public/js/ao_money.js" %}
// {% include "allorders_qb/public/js/ao_numbers.js" %}
// {% include "allorders_qb/public/js/ao_tax.js" %}
// {% include "allorders_qb/public/js/ao_document_form.js" %}

allorders_qb.document_form.bind("AO Sales Order", "AO Sales Order Line");

frappe.ui.form.on("AO Sales Order", {
	setup(frm) {
		frm.custom_make_buttons = {
			"AO Ship Doc": "Ship Doc",
			"AO Payment": "Payment",
			"AO Purchase Order": "Purchase Order",
		};
	},

	refresh(frm) {
		if (frm.doc.docstatus !== 1) return;
		const shippable = ["Open", "Partially Shipped"].includes(frm.doc.status);
		if (shippable && frappe.model.can_create("AO Ship Doc")) {
			frm.add_custom_button(__("Ship Doc"), () => frm.events.make_ship_doc(frm), __("Create"));
			frm.page.set_inner_btn_group_as_primary(__("Create"));
		}
		if (frappe.model.can_create("AO Payment")) {
			frm.add_custom_button(__("Payment"), () => frm.events.make_payment(frm), __("Create"));
		}
		if (shippable && frappe.model.can_create("AO Purchase Order")) {
			frm.add_custom_button(
				__("Purchase Order"),
				() =>
					frappe.model.open_mapped_doc({
						method: allorders_qb.document_form.ORDER_MODULE + ".make_purchase_order",
						frm,
					}),
				__("Create")
			);
		}
		if (shippable && frm.has_perm("submit")) {
			frm.add_custom_button(__("Close"), () => frm.events.close_order(frm));
		}
		if (frm.doc.is_closed && frm.has_perm("submit")) {
			frm.add_custom_button(__("Reopen"), () => frm.events.call_order_method(frm, "reopen_sales_order"));
		}
		frm.events.show_fulfilment(frm);
	},

	show_fulfilment(frm) {
		const percent = frm.doc.percent_shipped || 0;
		if (frm.doc.is_closed) {
			frm.dashboard.set_headline_alert(
				__("Closed by hand: nothing more is shipped on this order until it is reopened."),
				"orange"
			);
		}
		const colour = percent >= 100 ? "green" : percent > 0 ? "orange" : "blue";
		frm.dashboard.add_indicator(__("{0}% shipped", [percent]), colour);
		if (frappe.model.can_read("AO Payment")) frm.events.show_deposits(frm);
	},

	async show_deposits(frm) {
		const name = frm.doc.name;
		const { received, applied } = await frappe.xcall(
			allorders_qb.document_form.ORDER_MODULE + ".get_deposits",
			{ name }
		);
		if (frm.doc.name !== name || !received) return;
		const money = (amount) => format_currency(amount, frm.doc.currency, 2);
		frm.dashboard.add_indicator(
			__("{0} received, {1} of it settles invoices", [money(received), money(applied)]),
			applied >= received ? "green" : "blue"
		);
	},

	make_ship_doc(frm) {
		frappe.model.open_mapped_doc({
			method: allorders_qb.document_form.ORDER_MODULE + ".make_ship_doc",
			frm,
		});
	},

	make_payment(frm) {
		frappe.model.open_mapped_doc({
			method: allorders_qb.document_form.ORDER_MODULE + ".make_payment",
			frm,
		});
	},

	close_order(frm) {
		frappe.confirm(__("Close {0}? What is left of it will not be shipped.", [frm.doc.name]), () =>
			frm.events.call_order_method(frm, "close_sales_order")
		);
	},

	async call_order_method(frm, method) {
		await frappe.call({
			method: allorders_qb.document_form.ORDER_MODULE + "." + method,
			args: { name: frm.doc.name },
			freeze: true,
		});
		await frm.reload_doc();
	},
});
