frappe.query_reports["AO Stock Valuation"] = {
	filters: [
		{ fieldname: "item", label: __("Item"), fieldtype: "Link", options: "AO Item" },
		{ fieldname: "to_date", label: __("At the End Of"), fieldtype: "Date", description: __("Empty: now.") },
		{ fieldname: "show_layers", label: __("Show Layers"), fieldtype: "Check" },
	],
	onload(report) {
		// Where QuickBooks keeps values alone, it has no quantities, and nothing is read.
		report.page.add_inner_button(__("Read QuickBooks' Stock"), async () => {
			await frappe.xcall("allorders_qb.api.item_stock.read_quickbooks_stock");
			report.refresh();
		});
	},
};
