// Frappe replaces the next line by the file it names.
// {% include "allorders_qb/public/js/ao_numbers.js" %}

const VARIANCE_READERS = ["AO Manager", "QuickBooks Manager", "System Manager"];
const WORK_ORDER_MODULE = "allorders_qb.allorders_qb.doctype.ao_work_order.ao_work_order";

frappe.ui.form.on("AO Work Order", {
	setup(frm) {
		frm.set_query("item", () => ({ filters: { inactive: 0, item_type: "Assembly" } }));
		frm.set_query("item", "components", () => ({
			filters: { inactive: 0, item_type: ["in", ["Inventory Part", "Assembly"]] },
		}));
		frm.set_query("location", () => ({ filters: { inactive: 0 } }));
		frm.set_query("account", "costs", () => ({ filters: { inactive: 0 } }));
	},

	async onload(frm) {
		if (frm.is_new() && !frm.doc.location) {
			await frm.set_value("location", await frappe.db.get_single_value("AO Settings", "default_location"));
		}
	},

	refresh(frm) {
		if (frm.doc.docstatus === 1 && frappe.user.has_role(VARIANCE_READERS)) {
			frm.add_custom_button(
				__("Variance Against QuickBooks"),
				() => {
					frappe.route_options = { work_order: frm.doc.name };
					frappe.set_route("query-report", "AO Work Order Variance");
				},
				__("View")
			);
		}
		if (frm.doc.docstatus !== 0 || frm.is_new()) return;
		const left = (table, is_left) => (frm.doc[table] || []).some(is_left);
		if (left("components", (row) => flt(row.allocated_quantity) < flt(row.required_quantity))) {
			frm.add_custom_button(__("Pick All"), () => frm.events.pick_all(frm));
		}
		if (left("steps", (row) => row.status !== "Finished")) {
			frm.add_custom_button(__("Finish Steps"), () => frm.events.finish_steps(frm));
		}
		frm.add_custom_button(__("Finish a Part"), () => frm.events.split(frm));
	},

	item: (frm) => frm.events.fill(frm),
	quantity: (frm) => frm.events.fill(frm),

	async fill(frm) {
		if (!frm.is_new() || !frm.doc.item || !(frm.doc.quantity > 0)) return;
		const { item, quantity } = frm.doc;
		const parts = await frappe.xcall(`${WORK_ORDER_MODULE}.get_parts`, { item, quantity });
		// Something else was typed meanwhile, and its own answer is on the way.
		if (frm.doc.item !== item || frm.doc.quantity !== quantity) return;
		await frm.set_value("description", parts.description);
		const fields = {
			components: ["item", "required_quantity"],
			costs: ["kind", "description", "amount"],
			steps: ["step_name", "notes"],
		};
		Object.entries(fields).forEach(([table, names]) => {
			frm.clear_table(table);
			parts[table].forEach((part) => {
				const row = frm.add_child(table);
				names.forEach((name) => (row[name] = part[name]));
			});
			frm.refresh_field(table);
		});
	},

	pick_all(frm) {
		frm.doc.components.forEach((row) =>
			frappe.model.set_value(row.doctype, row.name, "allocated_quantity", row.required_quantity)
		);
		frm.refresh_field("components");
	},

	finish_steps(frm) {
		frm.doc.steps.forEach((row) => frappe.model.set_value(row.doctype, row.name, "status", "Finished"));
		frm.refresh_field("steps");
	},

	split(frm) {
		frappe.prompt(
			{
				fieldname: "quantity",
				fieldtype: "Float",
				label: __("How many are finished?"),
				description: __("They stay on {0}; the rest goes on a new work order.", [frm.doc.name]),
				reqd: 1,
			},
			async ({ quantity }) => {
				const rest = await frappe.xcall(`${WORK_ORDER_MODULE}.split_work_order`, {
					name: frm.doc.name,
					quantity,
				});
				await frm.reload_doc();
				frappe.show_alert({
					message: __("The rest is on {0}.", [
						`<a href="${frappe.utils.get_form_link("AO Work Order", rest)}">${rest}</a>`,
					]),
					indicator: "green",
				});
			},
			__("Finish a Part of {0}", [frm.doc.name]),
			__("Split")
		);
	},
});
