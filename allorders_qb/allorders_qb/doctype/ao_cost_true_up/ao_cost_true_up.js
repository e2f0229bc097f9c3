// Where QuickBooks counts too, what a draft lists was read from it at a moment; it can be read again.
frappe.ui.form.on("AO Cost True-Up", {
	setup(frm) {
		frm.set_query("account", "items", () => ({ filters: { inactive: 0 } }));
	},

	refresh(frm) {
		["cannot_add_rows", "cannot_delete_rows"].forEach((property) =>
			frm.set_df_property("items", property, true)
		);
		if (frm.doc.docstatus !== 0 || !frappe.model.can_create(frm.doctype)) {
			return;
		}
		const label = frm.is_new() ? __("Compare With QuickBooks") : __("Read QuickBooks Again");
		frm.add_custom_button(label, () => read_quickbooks(frm));
	},
});

async function read_quickbooks(frm) {
	if (!frm.is_new() && frm.is_dirty()) {
		// What a person has decided about an item is kept, once it is saved.
		await frm.save();
	}
	const name = await frappe.xcall("allorders_qb.api.true_up.propose_true_up", {
		day: frm.doc.posting_date,
	});
	if (frm.doc.name === name) {
		await frm.reload_doc();
	} else {
		frappe.set_route("Form", frm.doctype, name);
	}
}
