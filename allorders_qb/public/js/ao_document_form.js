// What the forms of documents with customers (and, with ao_buying_form.js, with vendors) share: choices offered, defaults taken over, totals as you type.
// The server does all of it again on save. Pasted into form scripts: no backslashes in it (see ao_money.js).
frappe.provide("allorders_qb");

allorders_qb.document_form = {
	ORDER_MODULE: "allorders_qb.allorders_qb.doctype.ao_sales_order.ao_sales_order",
	CUSTOMER_MODULE: "allorders_qb.allorders_qb.doctype.ao_customer.ao_customer",

	// By DocType: the field of a line's price, where it is another than unit_price.
	SHAPES: {},

	setup(frm) {
		const active = () => ({ filters: { inactive: 0 } });
		["customer", "vendor", "location", "ship_method", "sales_rep", "terms", "department"]
			.filter((field) => frm.fields_dict[field])
			.forEach((field) => frm.set_query(field, active));
		frm.set_query("currency", () => ({ filters: { enabled: 1 } }));
		["item", "tax_code", "class_name"].forEach((field) => frm.set_query(field, "lines", active));
	},

	async fill_new(frm) {
		if (!frm.is_new()) return;
		if (!frm.doc.currency) {
			await frm.set_value("currency", await allorders_qb.document_form.get_home_currency());
			// The empty row was drawn before there was a currency, in whatever Frappe took for one.
			frm.refresh_field("lines");
		}
		if (!frm.doc.location && frm.fields_dict.location) {
			await frm.set_value("location", await frappe.db.get_single_value("AO Settings", "default_location"));
		}
		if (frm.fields_dict.prices_are) await allorders_qb.tax.fill_new(frm);
	},

	async show_home_currency(frm) {
		const home = await allorders_qb.document_form.get_home_currency();
		const foreign = Boolean(frm.doc.currency && home && frm.doc.currency !== home);
		frm.toggle_display(["exchange_rate", "home_total"], foreign);
		if (!foreign && frm.doc.docstatus === 0 && frm.doc.currency && frm.doc.exchange_rate !== 1) {
			await frm.set_value("exchange_rate", 1);
		}
	},

	async get_home_currency() {
		const settings = await frappe.db.get_single_value("AO Settings", "default_currency");
		return settings || frappe.boot.sysdefaults.currency;
	},

	async take_customer_defaults(frm) {
		if (!frm.doc.customer) return;
		const defaults = await frappe.xcall(
			allorders_qb.document_form.CUSTOMER_MODULE + ".get_order_defaults",
			{ customer: frm.doc.customer }
		);
		await frm.set_value(defaults);
	},

	async take_item_defaults(frm, doctype, name) {
		const row = frappe.get_doc(doctype, name);
		if (!row.item) return;
		const defaults = await frappe.xcall(
			allorders_qb.document_form.ORDER_MODULE + ".get_line_defaults",
			{
				item: row.item,
				customer: frm.doc.customer || null,
				currency: frm.doc.currency || null,
				exchange_rate: frm.doc.exchange_rate || 1,
			}
		);
		if (!row.quantity) defaults.quantity = 1;
		await frappe.model.set_value(doctype, name, defaults);
	},

	// Written to the rows themselves and shown: no change events, so nothing loops and nothing is marked as edited.
	show_totals(frm) {
		if (frm.doc.docstatus !== 0) return;
		const money = allorders_qb.money;
		const rows = frm.doc.lines || [];
		const { price } = allorders_qb.document_form.SHAPES[frm.doctype] || {};
		rows.forEach((row) => {
			const amount = money.line_amount(row.quantity, row[price || "unit_price"], row.discount_percent);
			if (row.amount !== amount) {
				row.amount = amount;
				const grid_row = frm.fields_dict.lines.grid.grid_rows_by_docname[row.name];
				if (grid_row) grid_row.refresh_field("amount");
			}
		});
		frm.doc.subtotal = money.add_up(allorders_qb.tax.list_rows(frm).map((row) => row.amount));
		frm.refresh_field("subtotal");
		return allorders_qb.tax.show(frm);
	},

	// A row that Tab has opened at the end of the table and nobody has filled.
	drop_empty_rows(frm) {
		const empty = (frm.doc.lines || []).filter(
			(row) => !row.item && !row.quantity && !row.unit_price && !row.unit_cost
		);
		if (!empty.length || empty.length === frm.doc.lines.length) return;
		empty.forEach((row) => frappe.model.clear_doc(row.doctype, row.name));
		frm.doc.lines.forEach((row, index) => (row.idx = index + 1));
		frm.refresh_field("lines");
	},

	// The events both documents have in common; `doctype` is that of the document, `line` that of its rows.
	bind(doctype, line) {
		const form = allorders_qb.document_form;
		frappe.ui.form.on(doctype, {
			setup: form.setup,
			onload: form.fill_new,
			refresh: form.show_home_currency,
			customer: form.take_customer_defaults,
			currency: form.show_home_currency,
			freight: form.show_totals,
			prices_are: form.show_totals,
			tax_computed_by: form.show_totals,
			tax_total: form.show_totals,
			exchange_rate: form.show_totals,
			validate: form.drop_empty_rows,
		});
		frappe.ui.form.on(line, {
			item: form.take_item_defaults,
			quantity: form.show_totals,
			unit_price: form.show_totals,
			discount_percent: form.show_totals,
			tax_code: form.show_totals,
			lines_remove: form.show_totals,
		});
	},
};
