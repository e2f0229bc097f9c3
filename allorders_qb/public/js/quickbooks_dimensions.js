// Class and location are shown where QuickBooks tracks them; elsewhere only as long as one is filled in, so that it can be emptied.
frappe.provide("allorders_qb");

(function () {
	const DOCTYPES = [
		"AO Sales Order",
		"AO Ship Doc",
		"AO Customer Return",
		"AO Purchase Order",
		"AO Receiver",
		"AO Vendor Bill",
		"AO Vendor Return",
		"AO Work Order",
		"AO Quantity Adjustment",
		"AO Value Adjustment",
	];
	let asked;

	function get_dimensions() {
		if (!asked) {
			asked = frappe.xcall("allorders_qb.api.company.get_dimensions");
			// What could not be answered is asked again by the next form.
			asked.catch(() => (asked = undefined));
		}
		return asked;
	}

	async function show_dimensions(frm) {
		const { classes, locations } = await get_dimensions();
		if (frm.fields_dict.department) frm.toggle_display("department", locations || Boolean(frm.doc.department));
		if (frm.fields_dict.class_name) frm.toggle_display("class_name", classes || Boolean(frm.doc.class_name));
		["lines", "landed_costs"]
			.filter((table) => frm.fields_dict[table] && frappe.meta.has_field(frm.fields_dict[table].grid.doctype, "class_name"))
			.forEach((table) => {
				const is_used = (frm.doc[table] || []).some((row) => row.class_name);
				frm.fields_dict[table].grid.toggle_display("class_name", classes || is_used);
			});
	}

	DOCTYPES.forEach((doctype) => {
		const mark = `dimensions of ${doctype}`;
		if (allorders_qb[mark]) return;
		allorders_qb[mark] = true;
		frappe.ui.form.on(doctype, { refresh: show_dimensions });
	});
})();
