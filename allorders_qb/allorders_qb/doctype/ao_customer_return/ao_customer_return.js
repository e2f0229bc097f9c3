// Frappe replaces the next four lines by the files they name.
// {% include "allorders_qb/public/js/ao_money.js" %}
// {% include "allorders_qb/public/js/ao_numbers.js" %}
// {% include "allorders_qb/public/js/ao_tax.js" %}
// {% include "allorders_qb/public/js/ao_document_form.js" %}

allorders_qb.document_form.bind("AO Customer Return", "AO Customer Return Line");

frappe.ui.form.on("AO Customer Return", {
	setup(frm) {
		frm.set_query("ship_doc", "lines", () => ({ filters: frm.events.get_ship_doc_filters(frm) }));
		frm.set_query("payment_account", () => ({ filters: { inactive: 0, account_type: ["in", ["Bank", "Other Current Asset"]] } }));
	},

	refresh(frm) {
		if (frm.doc.docstatus === 0 && frappe.model.can_read("AO Ship Doc")) {
			frm.add_custom_button(__("Ship Doc"), () => frm.events.choose_ship_docs(frm), __("Get Items From"));
		}
	},

	get_ship_doc_filters(frm) {
		const filters = { docstatus: 1 };
		if (frm.doc.customer) filters.customer = frm.doc.customer;
		return filters;
	},

	choose_ship_docs(frm) {
		const dialog = new frappe.ui.form.MultiSelectDialog({
			doctype: "AO Ship Doc",
			target: frm,
			setters: { customer: frm.doc.customer || undefined, po_number: undefined },
			add_filters_group: 1,
			date_field: "posting_date",
			columns: ["name", "customer", "posting_date", "po_number", "total"],
			get_query: () => ({ filters: frm.events.get_ship_doc_filters(frm) }),
			async action(ship_docs) {
				if (!ship_docs.length) {
					frappe.msgprint(__("Tick at least one ship doc."));
					return;
				}
				dialog.dialog.hide();
				const customer_return = await frappe.xcall("frappe.model.mapper.map_docs", {
					method: "allorders_qb.allorders_qb.doctype.ao_ship_doc.ao_ship_doc.make_customer_return",
					source_names: ship_docs,
					target_doc: frm.doc,
				});
				frappe.model.sync(customer_return);
				frm.dirty();
				frm.refresh();
			},
		});
	},
});
