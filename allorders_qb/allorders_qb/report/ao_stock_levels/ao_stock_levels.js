frappe.query_reports["AO Stock Levels"] = {
	filters: [
		{ fieldname: "item", label: __("Item"), fieldtype: "Link", options: "AO Item" },
		{ fieldname: "location", label: __("Location"), fieldtype: "Link", options: "AO Location" },
		{ fieldname: "only_deficient", label: __("Only What Is Missing"), fieldtype: "Check" },
	],
	onload(report) {
		// Where QuickBooks keeps values alone, it has no quantities, and nothing is read.
		report.page.add_inner_button(__("Read QuickBooks' Stock"), async () => {
			await frappe.xcall("allorders_qb.api.item_stock.read_quickbooks_stock");
			report.refresh();
		});
	},
};
