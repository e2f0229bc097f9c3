frappe.query_reports["AO Work Order Variance"] = {
	filters: [
		{ fieldname: "work_order", label: __("Work Order"), fieldtype: "Link", options: "AO Work Order" },
		{ fieldname: "from_date", label: __("From"), fieldtype: "Date" },
		{ fieldname: "to_date", label: __("To"), fieldtype: "Date" },
	],
};
