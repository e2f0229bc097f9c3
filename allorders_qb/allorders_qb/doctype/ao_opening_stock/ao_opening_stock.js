// Frappe replaces the next line by the file it names.
// {% include "allorders_qb/public/js/ao_numbers.js" %}

frappe.ui.form.on("AO Opening Stock", {
	setup(frm) {
		frm.set_query("item", "lines", () => ({
			filters: { inactive: 0, item_type: ["in", ["Inventory Part", "Assembly"]] },
		}));
		frm.set_query("location", "lines", () => ({ filters: { inactive: 0 } }));
	},

	refresh(frm) {
		if (frm.is_new() || frm.doc.docstatus === 2 || !frm.perm[0]?.write) return;
		frm.add_custom_button(__("Compare With QuickBooks"), async () => {
			if (frm.is_dirty()) await frm.save();
			await frappe.xcall("allorders_qb.api.opening_stock.compare_with_quickbooks", {
				name: frm.doc.name,
			});
			await frm.reload_doc();
		});
	},
});
