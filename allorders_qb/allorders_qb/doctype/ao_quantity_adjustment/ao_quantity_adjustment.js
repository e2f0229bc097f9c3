// Frappe replaces the next line by the file it names.
// {% include "allorders_qb/public/js/ao_numbers.js" %}

frappe.ui.form.on("AO Quantity Adjustment", {
	setup(frm) {
		frm.set_query("location", () => ({ filters: { inactive: 0 } }));
		frm.set_query("account", () => ({ filters: { inactive: 0 } }));
		frm.set_query("item", "lines", () => ({
			filters: { inactive: 0, item_type: ["in", ["Inventory Part", "Assembly"]] },
		}));
	},

	async onload(frm) {
		if (frm.is_new() && !frm.doc.location) {
			await frm.set_value("location", await frappe.db.get_single_value("AO Settings", "default_location"));
		}
	},

	refresh(frm) {
		if (frm.doc.docstatus === 0 && frm.doc.reason === "Counted") {
			frm.add_custom_button(__("All Items Here"), () => frm.events.fill_count_sheet(frm));
		}
	},

	reason: (frm) => frm.refresh(),

	// A count sheet: a row for everything that is, or was, at the location; what is counted stays to be entered.
	async fill_count_sheet(frm) {
		if (!frm.doc.location) {
			frappe.msgprint(__("Choose the location that is counted first."));
			return;
		}
		const rows = await frappe.xcall(
			"allorders_qb.allorders_qb.doctype.ao_quantity_adjustment.ao_quantity_adjustment.get_count_sheet",
			{ location: frm.doc.location }
		);
		if (!rows.length) {
			frappe.msgprint(__("Nothing has ever been at {0}.", [frappe.utils.escape_html(frm.doc.location)]));
			return;
		}
		const known = new Set((frm.doc.lines || []).map((line) => line.item));
		frm.doc.lines = (frm.doc.lines || []).filter((line) => line.item);
		rows.filter((row) => !known.has(row.item)).forEach((row) =>
			Object.assign(frm.add_child("lines"), row, { counted_quantity: row.on_hand })
		);
		frm.refresh_field("lines");
		frm.dirty();
	},
});

frappe.ui.form.on("AO Quantity Adjustment Line", {
	counted_quantity(frm, doctype, name) {
		const row = frappe.get_doc(doctype, name);
		frappe.model.set_value(doctype, name, "quantity_change", flt(row.counted_quantity - row.on_hand, 6));
	},
});
