// Frappe replaces the next line by the file it names.
// {% include "allorders_qb/public/js/ao_money.js" %}

frappe.ui.form.on("AO Payment", {
	setup(frm) {
		const active = () => ({ filters: { inactive: 0 } });
		frm.set_query("customer", active);
		frm.set_query("payment_method", active);
		frm.set_query("currency", () => ({ filters: { enabled: 1 } }));
		frm.set_query("deposit_account", () => ({
			filters: { inactive: 0, account_type: ["in", ["Bank", "Other Current Asset"]] },
		}));
		["sales_order", "ship_doc"].forEach((field) =>
			frm.set_query(field, "lines", () => ({ filters: frm.events.get_source_filters(frm) }))
		);
	},

	refresh(frm) {
		frm.events.show_home_currency(frm);
		if (frm.doc.docstatus !== 0) return;
		const sources = { "AO Sales Order": __("Sales Order"), "AO Ship Doc": __("Ship Doc") };
		Object.entries(sources)
			.filter(([doctype]) => frappe.model.can_read(doctype))
			.forEach(([doctype, label]) =>
				frm.add_custom_button(label, () => frm.events.choose(frm, doctype), __("Received For"))
			);
	},

	async customer(frm) {
		if (!frm.doc.customer) return;
		const { message } = await frappe.db.get_value("AO Customer", frm.doc.customer, "currency");
		await frm.set_value("currency", message.currency || (await frm.events.get_home_currency()));
	},

	currency: (frm) => frm.events.show_home_currency(frm),
	amount: (frm) => frm.events.show_sums(frm),

	async get_home_currency() {
		const settings = await frappe.db.get_single_value("AO Settings", "default_currency");
		return settings || frappe.boot.sysdefaults.currency;
	},

	async show_home_currency(frm) {
		const home = await frm.events.get_home_currency();
		frm.toggle_display(["exchange_rate", "home_amount"], Boolean(frm.doc.currency && home && frm.doc.currency !== home));
	},

	get_source_filters(frm) {
		const filters = { docstatus: 1 };
		if (frm.doc.customer) filters.customer = frm.doc.customer;
		return filters;
	},

	choose(frm, doctype) {
		const date_field = doctype === "AO Sales Order" ? "order_date" : "posting_date";
		const module = `allorders_qb.allorders_qb.doctype.${frappe.scrub(doctype)}.${frappe.scrub(doctype)}`;
		const dialog = new frappe.ui.form.MultiSelectDialog({
			doctype,
			target: frm,
			setters: { customer: frm.doc.customer || undefined, po_number: undefined },
			add_filters_group: 1,
			date_field,
			columns: ["name", "customer", date_field, "po_number", "total"],
			get_query: () => ({ filters: frm.events.get_source_filters(frm) }),
			async action(names) {
				if (!names.length) {
					frappe.msgprint(__("Tick at least one."));
					return;
				}
				dialog.dialog.hide();
				const payment = await frappe.xcall("frappe.model.mapper.map_docs", {
					method: module + ".make_payment",
					source_names: names,
					target_doc: frm.doc,
				});
				frappe.model.sync(payment);
				frm.dirty();
				frm.refresh();
			},
		});
	},

	// Written to the document itself and shown: the server computes it again on save.
	show_sums(frm) {
		if (frm.doc.docstatus !== 0) return;
		const rows = frm.doc.lines || [];
		frm.doc.allocated_amount = allorders_qb.money.add_up(rows.map((row) => row.amount));
		frm.doc.unapplied_amount = frm.doc.amount;
		frm.refresh_field("allocated_amount");
		frm.refresh_field("unapplied_amount");
	},

	async fill_amount(frm, doctype, name, field) {
		const row = frappe.get_doc(doctype, name);
		if (!row[field] || row.amount) return;
		const amount = await frappe.xcall(
			"allorders_qb.allorders_qb.doctype.ao_payment.ao_payment.get_open_amount",
			{ field, name: row[field] }
		);
		await frappe.model.set_value(doctype, name, "amount", amount);
	},
});

frappe.ui.form.on("AO Payment Line", {
	sales_order: (frm, doctype, name) => frm.events.fill_amount(frm, doctype, name, "sales_order"),
	ship_doc: (frm, doctype, name) => frm.events.fill_amount(frm, doctype, name, "ship_doc"),
	amount: (frm) => frm.events.show_sums(frm),
	lines_remove: (frm) => frm.events.show_sums(frm),
});
