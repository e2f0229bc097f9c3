// Frappe replaces the next line by the file it names.
// {% include "allorders_qb/public/js/ao_list_columns.js" %}

frappe.listview_settings["AO Sales Order"] = {
	add_fields: ["status", "customer", "is_closed"],

	onload(listview) {
		allorders_qb.show_last_columns(listview, "order_date");
		if (!frappe.model.can_create("AO Ship Doc")) return;
		listview.page.add_action_item(__("Create Ship Doc"), async () => {
			const ship_doc = await frappe.xcall("frappe.model.mapper.map_docs", {
				method: "allorders_qb.allorders_qb.doctype.ao_sales_order.ao_sales_order.make_ship_doc",
				source_names: listview.get_checked_items(true),
				target_doc: "",
			});
			frappe.model.sync(ship_doc);
			frappe.set_route("Form", ship_doc.doctype, ship_doc.name);
		});
	},
};
