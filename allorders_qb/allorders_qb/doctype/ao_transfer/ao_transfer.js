// Frappe replaces the next line by the file it names.
// {% include "allorders_qb/public/js/ao_numbers.js" %}

frappe.ui.form.on("AO Transfer", {
	setup(frm) {
		["from_location", "to_location"].forEach((field) =>
			frm.set_query(field, () => ({ filters: { inactive: 0 } }))
		);
		frm.set_query("item", "lines", () => ({
			filters: { inactive: 0, item_type: ["in", ["Inventory Part", "Assembly"]] },
		}));
	},
});
