// Frappe replaces the next line by the file it names.
// {% include "allorders_qb/public/js/ao_numbers.js" %}

frappe.ui.form.on("AO Item", {
	setup(frm) {
		["tax_code", "income_account", "expense_account"].forEach((field) =>
			frm.set_query(field, () => ({ filters: { inactive: 0 } }))
		);
	},

	refresh(frm) {
		if (!frm.is_new() && ["Inventory Part", "Assembly"].includes(frm.doc.item_type)) {
			frm.events.show_stock(frm);
		}
	},

	async show_stock(frm) {
		const name = frm.doc.name;
		const stock = await frappe.xcall(
			"allorders_qb.allorders_qb.doctype.ao_item.ao_item.get_stock",
			{ item: name }
		);
		if (frm.doc.name !== name) return;
		frm.fields_dict.stock_panel.$wrapper.html(frm.events.render_stock(frm, stock));
	},

	render_stock(frm, stock) {
		const quantity = (value) => frappe.format(value, { fieldtype: "Float" }, { inline: true, only_value: true });
		const required = stock.required
			? `<p class="text-muted">${__("Ordered by customers and not yet shipped: {0}", [
					quantity(stock.required),
			  ])}</p>`
			: "";
		if (!stock.locations.length) {
			return `<p class="text-muted">${__(
				"Nothing has moved yet. Opening quantities come in with an AO Opening Stock, typed or imported."
			)}</p>${required}`;
		}
		const row = (cells, tag = "td") =>
			`<tr>${cells
				.map((cell, index) => `<${tag} class="${index ? "text-right" : ""}">${cell}</${tag}>`)
				.join("")}</tr>`;
		const rows = stock.locations.map((level) =>
			row([
				frappe.utils.escape_html(level.location) || __("No location yet"),
				level.on_hand < 0
					? `<span class="text-danger">${quantity(level.on_hand)}</span>`
					: quantity(level.on_hand),
				quantity(level.committed),
			])
		);
		return `<table class="table table-bordered ao-stock-panel">
			<thead>${row([__("Location"), __("On Hand"), __("Committed")], "th")}</thead>
			<tbody>${rows.join("")}</tbody>
			<tfoot>${row([__("All Locations"), quantity(stock.on_hand), quantity(stock.committed)], "th")}</tfoot>
		</table>${required}`;
	},
});
