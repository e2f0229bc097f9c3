frappe.ui.form.on("AO Vendor", {
	setup(frm) {
		frm.set_query("terms", () => ({ filters: { inactive: 0 } }));
		frm.set_query("currency", () => ({ filters: { enabled: 1 } }));
	},
});
