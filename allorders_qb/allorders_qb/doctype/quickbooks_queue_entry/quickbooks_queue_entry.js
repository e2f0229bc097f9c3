frappe.ui.form.on("QuickBooks Queue Entry", {
	refresh(frm) {
		frm.disable_save();
		const act = (method, args = {}) =>
			frappe
				.xcall(`allorders_qb.api.queue.${method}`, { queue_entry: frm.docname, ...args })
				.then((message) => frappe.show_alert({ message, indicator: "green" }))
				.then(() => frm.reload_doc());
		if (["Queued", "Needs Attention"].includes(frm.doc.status)) {
			frm.add_custom_button(__("Try Again"), () => act("retry"));
		}
		if (frm.doc.status === "Needs Attention") {
			frm.add_custom_button(__("Link to What QuickBooks Has"), () =>
				frappe.prompt(
					[
						{
							fieldname: "quickbooks_id",
							fieldtype: "Data",
							label: __("QuickBooks ID of the {0}", [__(frm.doc.entity)]),
							default: frm.doc.candidate_id,
							description: __("The number at the end of its address in QuickBooks (txnId=…)."),
							reqd: 1,
						},
					],
					(values) => act("link_existing", values),
					__("Link"),
					__("Link")
				)
			);
		}
	},
});
