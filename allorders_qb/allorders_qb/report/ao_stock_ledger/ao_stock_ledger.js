frappe.query_reports["AO Stock Ledger"] = {
	filters: [
		{
			fieldname: "from_date",
			label: __("From"),
			fieldtype: "Date",
			default: frappe.datetime.add_months(frappe.datetime.get_today(), -1),
		},
		{ fieldname: "to_date", label: __("To"), fieldtype: "Date" },
		{ fieldname: "item", label: __("Item"), fieldtype: "Link", options: "AO Item" },
		{ fieldname: "location", label: __("Location"), fieldtype: "Link", options: "AO Location" },
		{ fieldname: "voucher_no", label: __("Document"), fieldtype: "Data" },
	],
};
