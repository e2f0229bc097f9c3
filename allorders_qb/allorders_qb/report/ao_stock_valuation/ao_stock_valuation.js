frappe.query_reports["AO Stock Valuation"] = {
	filters: [
		{ fieldname: "item", label: __("Item"), fieldtype: "Link", options: "AO Item" },
		{ fieldname: "to_date", label: __("At the End Of"), fieldtype: "Date", description: __("Empty: now.") },
		{ fieldname: "show_layers", label: __("Show Layers"), fieldtype: "Check" },
	],
};
