// Frappe replaces the next line by the file it names.
// {% include "allorders_qb/public/js/ao_numbers.js" %}

frappe.ui.form.on("AO Opening Stock", {
	setup(frm) {
		frm.set_query("item", "lines", () => ({
			filters: { inactive: 0, item_type: ["in", ["Inventory Part", "Assembly"]] },
		}));
		frm.set_query("location", "lines", () => ({ filters: { inactive: 0 } }));
	},
});
