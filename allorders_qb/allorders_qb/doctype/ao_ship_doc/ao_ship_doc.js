// Frappe replaces the next four lines by the files they name.
// {% include "allorders_qb/public/js/ao_money.js" %}
// {% include "allorders_qb/public/js/ao_numbers.js" %}
// {% include "allorders_qb/public/js/ao_tax.js" %}
// {% include "allorders_qb/public/js/ao_document_form.js" %}

allorders_qb.document_form.bind("AO Ship Doc", "AO Ship Doc Line");

frappe.ui.form.on("AO Ship Doc", {
	setup(frm) {
		frm.custom_make_buttons = { "AO Customer Return": "Customer Return", "AO Payment": "Payment" };
		frm.set_query("sales_order", "lines", () => ({ filters: frm.events.get_order_filters(frm) }));
	},

	refresh(frm) {
		frm.former_terms = frm.doc.terms;
		if (frm.doc.docstatus === 0 && frappe.model.can_read("AO Sales Order")) {
			frm.add_custom_button(
				__("Sales Order"),
				() => frm.events.choose_orders(frm),
				__("Get Items From")
			);
		}
		if (frm.doc.docstatus === 1 && frappe.model.can_create("AO Customer Return")) {
			frm.add_custom_button(
				__("Customer Return"),
				() =>
					frappe.model.open_mapped_doc({
						method: "allorders_qb.allorders_qb.doctype.ao_ship_doc.ao_ship_doc.make_customer_return",
						frm,
					}),
				__("Create")
			);
		}
		if (frm.doc.docstatus === 1 && frappe.model.can_create("AO Payment")) {
			frm.add_custom_button(
				__("Payment"),
				() =>
					frappe.model.open_mapped_doc({
						method: "allorders_qb.allorders_qb.doctype.ao_ship_doc.ao_ship_doc.make_payment",
						frm,
					}),
				__("Create")
			);
		}
	},

	async terms(frm) {
		const { former_terms } = frm;
		frm.former_terms = frm.doc.terms;
		await frm.events.set_due_date(frm);
		await frm.events.set_paid_at_sale(frm, former_terms);
	},
	posting_date: (frm) => frm.events.set_due_date(frm),

	async set_due_date(frm) {
		if (!frm.doc.terms || !frm.doc.posting_date) return;
		const term = await frappe.db.get_value("QuickBooks Term", frm.doc.terms, "due_days");
		const days = term.message.due_days;
		if (days === null || days === undefined) return;
		await frm.set_value("due_date", frappe.datetime.add_days(frm.doc.posting_date, days));
	},

	// What was entered stays; what the former terms had filled is theirs to change.
	async set_paid_at_sale(frm, former_terms) {
		if (!frm.doc.terms || frm.doc.docstatus !== 0) return;
		const orders = (frm.doc.lines || []).map((row) => row.sales_order).filter(Boolean);
		const { paid_at_sale, payment_account, payment_method } = frm.doc;
		const values = await frappe.xcall(
			"allorders_qb.allorders_qb.doctype.ao_ship_doc.ao_ship_doc.get_paid_at_sale",
			{
				terms: frm.doc.terms,
				orders: [...new Set(orders)],
				entered: { paid_at_sale, payment_account, payment_method },
				former_terms: former_terms || null,
			}
		);
		await frm.set_value(values);
	},

	get_order_filters(frm) {
		const filters = { docstatus: 1, status: ["in", ["Open", "Partially Shipped"]] };
		if (frm.doc.customer) filters.customer = frm.doc.customer;
		return filters;
	},

	choose_orders(frm) {
		const dialog = new frappe.ui.form.MultiSelectDialog({
			doctype: "AO Sales Order",
			target: frm,
			setters: { customer: frm.doc.customer || undefined, po_number: undefined },
			add_filters_group: 1,
			date_field: "order_date",
			columns: ["name", "customer", "order_date", "po_number", "percent_shipped"],
			get_query: () => ({ filters: frm.events.get_order_filters(frm) }),
			async action(orders) {
				if (!orders.length) {
					frappe.msgprint(__("Tick at least one order."));
					return;
				}
				dialog.dialog.hide();
				await frm.events.add_orders(frm, orders);
			},
		});
	},

	async add_orders(frm, orders) {
		const ship_doc = await frappe.xcall("frappe.model.mapper.map_docs", {
			method: allorders_qb.document_form.ORDER_MODULE + ".make_ship_doc",
			source_names: orders,
			target_doc: frm.doc,
		});
		frappe.model.sync(ship_doc);
		frm.dirty();
		frm.refresh();
	},
});

frappe.ui.form.on("AO Ship Doc Line", {
	sales_order(frm, doctype, name) {
		// The line belongs to the order that stood here before.
		frappe.model.set_value(doctype, name, "sales_order_line", null);
	},
});
