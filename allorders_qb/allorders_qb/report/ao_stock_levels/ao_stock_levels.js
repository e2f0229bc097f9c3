frappe.query_reports["AO Stock Levels"] = {
	filters: [
		{ fieldname: "item", label: __("Item"), fieldtype: "Link", options: "AO Item" },
		{ fieldname: "location", label: __("Location"), fieldtype: "Link", options: "AO Location" },
		{ fieldname: "only_deficient", label: __("Only What Is Missing"), fieldtype: "Check" },
	],
};
