// The tax on the forms as you type: by the rates of the lines' tax codes, or as it was entered; QuickBooks' own comes from
// there later. The server does all of it again on save (fulfilment/taxing.py). No backslashes in it (see ao_money.js).
frappe.provide("allorders_qb");

allorders_qb.tax = allorders_qb.tax || {
	METHOD: "allorders_qb.allorders_qb.doctype.quickbooks_tax_code.quickbooks_tax_code.get_tax_rates",
	BY_HAND: "By Hand",
	WITH_TAX: "With Tax",

	// By side and tax code: the percentages of its rates.
	rates: { sales_rates: {}, purchase_rates: {} },

	async fill_new(frm) {
		if (!frm.is_new()) return;
		const settings = allorders_qb.tax.is_buying(frm) ? "purchase_costs_are" : "sales_prices_are";
		for (const [field, source, otherwise] of [
			["prices_are", settings, "Before Tax"],
			["tax_computed_by", "tax_computed_by", "QuickBooks"],
		]) {
			if (frm.doc[field]) continue;
			const value = await frappe.db.get_single_value("AO Settings", source);
			// Somebody may have chosen meanwhile.
			if (!frm.doc[field]) await frm.set_value(field, value || otherwise);
		}
	},

	is_buying: (frm) => Boolean(frm.fields_dict.vendor),

	async load_rates(side, codes) {
		const known = allorders_qb.tax.rates[side];
		const missing = [...new Set(codes)].filter((code) => code && !known[code]);
		if (!missing.length) return known;
		return Object.assign(known, await frappe.xcall(allorders_qb.tax.METHOD, { codes: missing, side }));
	},

	// Its own, or that which the goods share.
	async find_freight_code(shared) {
		const item = await frappe.db.get_single_value("AO Settings", "freight_item");
		const found = item ? await frappe.db.get_value("AO Item", item, "tax_code") : null;
		return (found && found.message.tax_code) || (shared.length === 1 ? shared[0] : null);
	},

	// Rows that bear tax: lines, and a carrier's freight and duty on a vendor's bill.
	list_rows: (frm) => [
		...(frm.doc.lines || []),
		...(frm.doctype === "AO Vendor Bill" ? frm.doc.landed_costs || [] : []),
	],

	async compute(frm) {
		const { doc } = frm;
		const with_tax = doc.prices_are === allorders_qb.tax.WITH_TAX;
		if (doc.tax_computed_by === allorders_qb.tax.BY_HAND) return doc.tax_total || 0;
		if (doc.tax_computed_by !== "All Orders" && !with_tax) return 0;
		const rows = allorders_qb.tax.list_rows(frm).map((row) => [row.amount, row.tax_code]);
		const shared = [...new Set(rows.map(([, code]) => code))];
		if (doc.freight) rows.push([doc.freight, await allorders_qb.tax.find_freight_code(shared)]);
		const side = allorders_qb.tax.is_buying(frm) ? "purchase_rates" : "sales_rates";
		const rates = await allorders_qb.tax.load_rates(side, rows.map(([, code]) => code));
		const { money } = allorders_qb;
		return money.add_up(
			rows.flatMap(([amount, code]) => money.line_taxes(amount, rates[code] || [], with_tax))
		);
	},

	// Written to the document and shown, as show_totals does: nothing loops, nothing is marked as edited.
	async show(frm) {
		if (frm.doc.docstatus !== 0 || !frm.fields_dict.net_total) return;
		const { money } = allorders_qb;
		const { doc } = frm;
		const turn = (frm.tax_turn = (frm.tax_turn || 0) + 1);
		const tax = await allorders_qb.tax.compute(frm);
		// An answer that comes late is to what is not asked any more.
		if (turn !== frm.tax_turn || doc !== frm.doc) return;
		const amounts = [...allorders_qb.tax.list_rows(frm).map((row) => row.amount), frm.doc.freight || 0];
		const sum = money.add_up(amounts);
		const with_tax = frm.doc.prices_are === allorders_qb.tax.WITH_TAX;
		frm.doc.tax_total = tax;
		frm.doc.total = with_tax ? sum : money.add_up([sum, tax]);
		frm.doc.net_total = money.add_up([frm.doc.total, -tax]);
		frm.doc.home_total = money.convert(frm.doc.total, frm.doc.exchange_rate);
		["net_total", "tax_total", "total", "home_total"].forEach((field) => frm.refresh_field(field));
	},
};
