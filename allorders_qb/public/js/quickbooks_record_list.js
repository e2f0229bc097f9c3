// Frappe replaces the next line by the file it names.
// {% include "allorders_qb/public/js/quickbooks_list_sync.js" %}

// The lists of records that QuickBooks keeps as well: "Sync Selected with QuickBooks". Wraps what the list's own script
// has set; this file is pasted behind each of them.
["AO Customer", "AO Vendor", "AO Item"].forEach((doctype) => {
	const settings = frappe.listview_settings[doctype];
	if (!settings || settings.syncs_with_quickbooks) return;
	const own_onload = settings.onload;
	settings.syncs_with_quickbooks = true;
	settings.onload = function (listview) {
		if (own_onload) own_onload.call(this, listview);
		allorders_qb.add_sync_action(listview);
	};
});
