// Frappe replaces the next line by the file it names.
// {% include "allorders_qb/public/js/ao_list_columns.js" %}

frappe.listview_settings["AO Purchase Order"] = {
	add_fields: ["status", "vendor", "is_closed"],

	onload(listview) {
		allorders_qb.show_last_columns(listview, "order_date");
		if (!frappe.model.can_create("AO Receiver")) return;
		listview.page.add_action_item(__("Create Receiver"), async () => {
			const receiver = await frappe.xcall("frappe.model.mapper.map_docs", {
				method: "allorders_qb.allorders_qb.doctype.ao_purchase_order.ao_purchase_order.make_receiver",
				source_names: listview.get_checked_items(true),
				target_doc: "",
			});
			frappe.model.sync(receiver);
			frappe.set_route("Form", receiver.doctype, receiver.name);
		});
	},
};
