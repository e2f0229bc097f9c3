// Frappe replaces the next five lines by the files they name.
// {% include "allorders_qb/public/js/ao_money.js" %}
// {% include "allorders_qb/public/js/ao_numbers.js" %}
// {% include "allorders_qb/public/js/ao_tax.js" %}
// {% include "allorders_qb/public/js/ao_document_form.js" %}
// {% include "allorders_qb/public/js/ao_buying_form.js" %}

allorders_qb.buying_form.bind("AO Vendor Bill", "AO Vendor Bill Line");

frappe.ui.form.on("AO Vendor Bill", {
	setup(frm) {
		frm.set_query("receiver", "lines", () => ({ filters: frm.events.get_receiver_filters(frm) }));
	},

	refresh(frm) {
		allorders_qb.buying_form.add_source_button(frm, __("Receiver"), {
			doctype: "AO Receiver",
			method: allorders_qb.buying_form.RECEIVER_MODULE + ".make_vendor_bill",
			date_field: "posting_date",
			columns: ["name", "vendor", "posting_date", "vendor_invoice_number", "total"],
			filters: () => frm.events.get_receiver_filters(frm),
		});
	},

	terms: (frm) => allorders_qb.buying_form.set_due_date(frm),
	posting_date: (frm) => allorders_qb.buying_form.set_due_date(frm),

	get_receiver_filters() {
		// A carrier bills the freight of other vendors' receivers, so all of them are offered.
		return { docstatus: 1 };
	},
});

// The total of a bill has its freight and duty, too.
frappe.ui.form.on("AO Vendor Bill Landed Cost", {
	amount: (frm) => allorders_qb.document_form.show_totals(frm),
	tax_code: (frm) => allorders_qb.document_form.show_totals(frm),
	landed_costs_remove: (frm) => allorders_qb.document_form.show_totals(frm),
});
