// What the forms of documents with vendors share, on top of ao_document_form.js: the vendor's defaults, the unit an item is
// bought in, and what that is in stock. The server does all of it again on save. No backslashes in it (see ao_money.js).
frappe.provide("allorders_qb");

allorders_qb.buying_form = {
	ORDER_MODULE: "allorders_qb.allorders_qb.doctype.ao_purchase_order.ao_purchase_order",
	RECEIVER_MODULE: "allorders_qb.allorders_qb.doctype.ao_receiver.ao_receiver",

	async take_vendor_defaults(frm) {
		if (!frm.doc.vendor) return;
		const defaults = await frappe.xcall(allorders_qb.buying_form.ORDER_MODULE + ".get_vendor_defaults", {
			vendor: frm.doc.vendor,
		});
		Object.keys(defaults).forEach((field) => {
			if (!frm.fields_dict[field]) delete defaults[field];
		});
		await frm.set_value(defaults);
	},

	async take_item_defaults(frm, doctype, name, purchase_unit) {
		const row = frappe.get_doc(doctype, name);
		if (!row.item) return;
		const defaults = await frappe.xcall(allorders_qb.buying_form.ORDER_MODULE + ".get_line_defaults", {
			item: row.item,
			vendor: frm.doc.vendor || null,
			currency: frm.doc.currency || null,
			exchange_rate: frm.doc.exchange_rate || 1,
			purchase_unit: purchase_unit || null,
		});
		if (!row.quantity) defaults.quantity = 1;
		await frappe.model.set_value(doctype, name, defaults);
	},

	// Another unit has another price and holds another quantity.
	async take_unit_defaults(frm, doctype, name) {
		const row = frappe.get_doc(doctype, name);
		if (row.purchase_unit) {
			await allorders_qb.buying_form.take_item_defaults(frm, doctype, name, row.purchase_unit);
		}
	},

	show_quantities(frm, doctype, name) {
		const row = frappe.get_doc(doctype, name);
		const quantity = flt((row.quantity || 0) * (row.conversion || 1), 6);
		if (row.stock_quantity !== quantity) frappe.model.set_value(doctype, name, "stock_quantity", quantity);
		allorders_qb.document_form.show_totals(frm);
	},

	async set_due_date(frm) {
		const start = frm.doc.vendor_invoice_date || frm.doc.posting_date;
		if (!frm.doc.terms || !start) return;
		const term = await frappe.db.get_value("QuickBooks Term", frm.doc.terms, "due_days");
		const days = term.message.due_days;
		if (days === null || days === undefined) return;
		await frm.set_value("due_date", frappe.datetime.add_days(start, days));
	},

	// Get Items From: tick documents of `doctype`, and `method` maps them onto this one.
	choose_sources(frm, { doctype, method, date_field, columns, filters }) {
		const dialog = new frappe.ui.form.MultiSelectDialog({
			doctype,
			target: frm,
			setters: frm.doc.vendor && filters().vendor ? { vendor: frm.doc.vendor } : {},
			add_filters_group: 1,
			date_field,
			columns,
			get_query: () => ({ filters: filters() }),
			async action(names) {
				if (!names.length) {
					frappe.msgprint(__("Tick at least one."));
					return;
				}
				dialog.dialog.hide();
				const mapped = await frappe.xcall("frappe.model.mapper.map_docs", {
					method,
					source_names: names,
					target_doc: frm.doc,
				});
				frappe.model.sync(mapped);
				frm.dirty();
				frm.refresh();
			},
		});
	},

	add_source_button(frm, label, options) {
		if (frm.doc.docstatus !== 0 || !frappe.model.can_read(options.doctype)) return;
		frm.add_custom_button(
			label,
			() => allorders_qb.buying_form.choose_sources(frm, options),
			__("Get Items From")
		);
	},

	// The events of all four documents.
	bind(doctype, line) {
		const form = allorders_qb.document_form;
		const buying = allorders_qb.buying_form;
		form.SHAPES[doctype] = { price: "unit_cost" };
		frappe.ui.form.on(doctype, {
			setup: form.setup,
			onload: form.fill_new,
			refresh: form.show_home_currency,
			vendor: buying.take_vendor_defaults,
			currency: form.show_home_currency,
			prices_are: form.show_totals,
			tax_computed_by: form.show_totals,
			tax_total: form.show_totals,
			exchange_rate: form.show_totals,
			validate: form.drop_empty_rows,
		});
		frappe.ui.form.on(line, {
			item: (frm, child, name) => buying.take_item_defaults(frm, child, name),
			purchase_unit: buying.take_unit_defaults,
			quantity: buying.show_quantities,
			conversion: buying.show_quantities,
			unit_cost: form.show_totals,
			discount_percent: form.show_totals,
			tax_code: form.show_totals,
			lines_remove: form.show_totals,
		});
	},
};
