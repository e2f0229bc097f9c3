// Frappe replaces the next line by the file it names.
// {% include "allorders_qb/public/js/ao_numbers.js" %}

frappe.ui.form.on("AO Value Adjustment", {
	setup(frm) {
		frm.set_query("account", () => ({ filters: { inactive: 0 } }));
		frm.set_query("item", "lines", () => ({
			filters: { inactive: 0, item_type: ["in", ["Inventory Part", "Assembly"]] },
		}));
	},
});

frappe.ui.form.on("AO Value Adjustment Line", {
	async item(frm, doctype, name) {
		const row = frappe.get_doc(doctype, name);
		const { message } = await frappe.db.get_value("AO Item Stock", { item: row.item }, ["on_hand", "value"]);
		await frappe.model.set_value(doctype, name, {
			on_hand: flt(message && message.on_hand),
			value: flt(message && message.value, 2),
		});
	},

	new_value(frm, doctype, name) {
		if (frm.doc.entered_as !== "New Value") return;
		const row = frappe.get_doc(doctype, name);
		frappe.model.set_value(doctype, name, "value_change", flt(row.new_value - row.value, 2));
	},

	value_change(frm, doctype, name) {
		if (frm.doc.entered_as === "New Value") return;
		const row = frappe.get_doc(doctype, name);
		frappe.model.set_value(doctype, name, "new_value", flt(row.value + row.value_change, 2));
	},
});
