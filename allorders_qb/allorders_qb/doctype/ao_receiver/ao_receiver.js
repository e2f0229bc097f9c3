// Frappe replaces the next five lines by the files they name.
// {% include "allorders_qb/public/js/ao_money.js" %}
// {% include "allorders_qb/public/js/ao_numbers.js" %}
// {% include "allorders_qb/public/js/ao_tax.js" %}
// {% include "allorders_qb/public/js/ao_document_form.js" %}
// {% include "allorders_qb/public/js/ao_buying_form.js" %}

allorders_qb.buying_form.bind("AO Receiver", "AO Receiver Line");

frappe.ui.form.on("AO Receiver", {
	setup(frm) {
		frm.custom_make_buttons = { "AO Vendor Bill": "Vendor Bill", "AO Vendor Return": "Vendor Return" };
		frm.set_query("purchase_order", "lines", () => ({ filters: frm.events.get_order_filters(frm) }));
		frm.set_query("vendor", "landed_costs", () => ({ filters: { inactive: 0 } }));
	},

	refresh(frm) {
		allorders_qb.buying_form.add_source_button(frm, __("Purchase Order"), {
			doctype: "AO Purchase Order",
			method: allorders_qb.buying_form.ORDER_MODULE + ".make_receiver",
			date_field: "order_date",
			columns: ["name", "vendor", "order_date", "expected_date", "percent_received"],
			filters: () => frm.events.get_order_filters(frm),
		});
		if (frm.doc.docstatus !== 1) return;
		for (const [doctype, label, method] of [
			["AO Vendor Bill", __("Vendor Bill"), "make_vendor_bill"],
			["AO Vendor Return", __("Vendor Return"), "make_vendor_return"],
		]) {
			const is_billed = frm.doc.billing === "Bill Now" && !(frm.doc.landed_costs || []).some((row) => !row.is_billed);
			if (!frappe.model.can_create(doctype) || (method === "make_vendor_bill" && is_billed)) continue;
			frm.add_custom_button(
				label,
				() =>
					frappe.model.open_mapped_doc({
						method: allorders_qb.buying_form.RECEIVER_MODULE + "." + method,
						frm,
					}),
				__("Create")
			);
		}
	},

	terms: (frm) => allorders_qb.buying_form.set_due_date(frm),
	posting_date: (frm) => allorders_qb.buying_form.set_due_date(frm),
	vendor_invoice_date: (frm) => allorders_qb.buying_form.set_due_date(frm),

	get_order_filters(frm) {
		const filters = { docstatus: 1, status: ["in", ["Open", "Partially Received"]] };
		if (frm.doc.vendor) filters.vendor = frm.doc.vendor;
		return filters;
	},
});

frappe.ui.form.on("AO Receiver Line", {
	purchase_order(frm, doctype, name) {
		// The line belongs to the order that stood here before.
		frappe.model.set_value(doctype, name, "purchase_order_line", null);
	},
});
