// How the connection is doing, sign by sign: on the workspace and in QuickBooks Settings.
frappe.provide("allorders_qb");

allorders_qb.health = {
	COLOURS: { Good: "green", Warning: "orange", Bad: "red", Unknown: "gray" },
	MANAGERS: ["QuickBooks Manager", "System Manager"],

	// Draw the signs into `area` (a jQuery element), `without` those that stand beside it already; nothing for those who
	// don't look after the connection.
	async show(area, { without = [] } = {}) {
		if (!this.MANAGERS.some((role) => frappe.user.has_role(role))) return;
		const signs = await frappe.xcall("allorders_qb.api.connection.get_health");
		const grid = $(`<div class="quickbooks-health"
			style="display: grid; grid-template-columns: repeat(auto-fill, minmax(230px, 1fr)); gap: 8px; margin-top: 8px"></div>`);
		signs.filter((sign) => !without.includes(sign.key)).forEach((sign) => grid.append(this.draw(sign)));
		area.empty().append(grid);
	},

	draw(sign) {
		const card = $(`<div class="quickbooks-health-sign" style="padding: 10px 14px; border: 1px solid var(--border-color);
			border-radius: 8px; min-width: 0">
			<div><span class="indicator ${this.COLOURS[sign.state]}"></span><b></b></div>
			<div class="small" style="margin-top: 2px"></div></div>`);
		card.attr("data-sign", sign.key).attr("data-state", sign.state);
		card.find("b").text(sign.label);
		const text = card.find(".small").text(sign.sentence);
		if (sign.doctype) {
			card.css("cursor", "pointer").on("click", (event) => {
				event.preventDefault();
				frappe.set_route("List", sign.doctype, sign.filters || {});
			});
			text.wrapInner('<a href="#"></a>');
		}
		return card;
	},
};
