// What came in and no vendor's bill has named yet.
frappe.query_reports["AO Received Not Billed"] = {
	filters: [{ fieldname: "vendor", label: __("Vendor"), fieldtype: "Link", options: "AO Vendor" }],
};
