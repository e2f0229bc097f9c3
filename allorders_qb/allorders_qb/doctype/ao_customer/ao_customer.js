frappe.ui.form.on("AO Customer", {
	setup(frm) {
		["terms", "tax_code", "sales_rep", "ship_method"].forEach((field) =>
			frm.set_query(field, () => ({ filters: { inactive: 0 } }))
		);
		frm.set_query("currency", () => ({ filters: { enabled: 1 } }));
	},

	refresh(frm) {
		if (frm.is_new() || frm.doc.inactive || !frappe.model.can_create("AO Sales Order")) return;
		frm.add_custom_button(
			__("Sales Order"),
			() => frappe.new_doc("AO Sales Order", { customer: frm.doc.name }),
			__("Create")
		);
	},
});
