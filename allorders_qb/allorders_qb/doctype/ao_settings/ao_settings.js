frappe.ui.form.on("AO Settings", {
	setup(frm) {
		frm.set_query("default_location", () => ({ filters: { inactive: 0 } }));
		frm.set_query("default_currency", () => ({ filters: { enabled: 1 } }));
		["freight_item", "discount_item"].forEach((field) =>
			frm.set_query(field, () => ({
				filters: { inactive: 0, item_type: ["in", ["Service", "Other Charge", "Non-inventory Part"]] },
			}))
		);
	},
});
