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
		const theirs = await frappe.xcall("allorders_qb.api.item_stock.get_quickbooks_stock", { item: name });
		if (theirs && frm.doc.name === name) {
			frm.fields_dict.stock_panel.$wrapper.append(frm.events.render_quickbooks(frm, theirs));
		}
	},

	render_quickbooks(frm, theirs) {
		const show = (value, fieldtype) =>
			frappe.format(value, { fieldtype }, { inline: true, only_value: true });
		const parts = [
			__("In QuickBooks: {0}, worth {1} (read {2}).", [
				`<b>${show(theirs.quantity, "Float")}</b>`,
				show(theirs.value, "Currency"),
				frappe.datetime.str_to_user(theirs.read_at),
			]),
		];
		const differs = flt(theirs.our_quantity - theirs.quantity, 6);
		if (differs) {
			const text = differs > 0 ? __("Ours is {0} more.") : __("Ours is {0} less.");
			parts.push(text.replace("{0}", show(Math.abs(differs), "Float")));
		}
		const documents = theirs.unsent.map(
			(one) =>
				`<li><a href="${frappe.utils.get_form_link(one.doctype, one.name)}">${frappe.utils.escape_html(
					one.name
				)}</a> (${show(one.quantity, "Float")}): ${frappe.utils.escape_html(one.reason || "")}</li>`
		);
		if (documents.length) {
			parts.push(__("Not there as they are here:"));
		} else if (differs) {
			parts.push(__("All documents of ours are there: look at the item's transactions in QuickBooks."));
		}
		return `<div class="text-muted ao-quickbooks-stock">${parts.join(" ")}<ul>${documents.join("")}</ul></div>`;
	},

	render_stock(frm, stock) {
		const shown = [
			["on_hand", __("On Hand")],
			["available", __("Available")],
			["committed", __("Committed")],
			["reserved", __("Reserved")],
			["required", __("Required")],
			["on_order", __("On Order")],
			["in_production", __("In Production")],
			["deficiency", __("Deficiency")],
		];
		if (!stock.locations.length) {
			return `<p class="text-muted">${__(
				"Nothing has moved yet. Opening quantities come in with an AO Opening Stock, typed or imported."
			)}</p>`;
		}
		const quantity = (value) => {
			const text = frappe.format(value, { fieldtype: "Float" }, { inline: true, only_value: true });
			return value < 0 ? `<span class="text-danger">${text}</span>` : text;
		};
		const row = (cells, tag = "td") =>
			`<tr>${cells
				.map((cell, index) => `<${tag} class="${index ? "text-right" : ""}">${cell}</${tag}>`)
				.join("")}</tr>`;
		const fill = (label, level, tag) =>
			row([label, ...shown.map(([name]) => quantity(level[name]))], tag);
		const rows = stock.locations.map((level) =>
			fill(frappe.utils.escape_html(level.location) || __("No location yet"), level)
		);
		return `<table class="table table-bordered ao-stock-panel">
			<thead>${row([__("Location"), ...shown.map(([_name, label]) => label)], "th")}</thead>
			<tbody>${rows.join("")}</tbody>
			<tfoot>${fill(__("All Locations"), stock, "th")}</tfoot>
		</table>`;
	},
});
