// Frappe replaces the next five lines by the files they name.
// {% include "allorders_qb/public/js/ao_money.js" %}
// {% include "allorders_qb/public/js/ao_numbers.js" %}
// {% include "allorders_qb/public/js/ao_tax.js" %}
// {% include "allorders_qb/public/js/ao_document_form.js" %}
// {% include "allorders_qb/public/js/ao_buying_form.js" %}

allorders_qb.buying_form.bind("AO Vendor Return", "AO Vendor Return Line");

frappe.ui.form.on("AO Vendor Return", {
	setup(frm) {
		frm.set_query("receiver", "lines", () => ({ filters: frm.events.get_receiver_filters(frm) }));
	},

	refresh(frm) {
		allorders_qb.buying_form.add_source_button(frm, __("Receiver"), {
			doctype: "AO Receiver",
			method: allorders_qb.buying_form.RECEIVER_MODULE + ".make_vendor_return",
			date_field: "posting_date",
			columns: ["name", "vendor", "posting_date", "vendor_invoice_number", "total"],
			filters: () => frm.events.get_receiver_filters(frm),
		});
	},

	get_receiver_filters(frm) {
		const filters = { docstatus: 1 };
		if (frm.doc.vendor) filters.vendor = frm.doc.vendor;
		return filters;
	},
});
