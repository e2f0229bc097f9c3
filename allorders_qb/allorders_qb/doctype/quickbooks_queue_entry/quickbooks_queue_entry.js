// One entry of the queue: what it is about, why it waits, and what a person can do about it.
const ENTRY_API = "allorders_qb.api.queue";

frappe.ui.form.on("QuickBooks Queue Entry", {
	refresh(frm) {
		frm.disable_save();
		if (frm.doc.reason) {
			frm.dashboard.clear_headline();
			frm.dashboard.set_headline(
				frappe.utils.escape_html(frm.doc.reason),
				frm.doc.status === "Needs Attention" ? "red" : "blue"
			);
		}
		frm.add_custom_button(__("Open {0}", [frm.doc.reference_name]), () =>
			frappe.set_route("Form", frm.doc.reference_doctype, frm.doc.reference_name)
		);
		const posts = ["QuickBooks Poster", "QuickBooks Manager", "System Manager"].some((role) =>
			frappe.user.has_role(role)
		);
		if (posts && ["Queued", "Needs Attention"].includes(frm.doc.status)) {
			frm.add_custom_button(__("Try Again"), () => decide(frm, "retry"));
		}
		const decides = ["QuickBooks Manager", "System Manager"].some((role) => frappe.user.has_role(role));
		if (frm.doc.status === "Needs Attention" && decides) {
			frm.add_custom_button(__("Link to What QuickBooks Has"), () => ask_link(frm));
		}
	},
});

async function decide(frm, method, values = {}) {
	const { message } = await frappe.call({
		method: `${ENTRY_API}.${method}`,
		args: { queue_entry: frm.docname, ...values },
		freeze: true,
	});
	frappe.show_alert({ message: frappe.utils.escape_html(message), indicator: "green" }, 7);
	await frm.reload_doc();
}

function ask_link(frm) {
	frappe.prompt(
		[
			{
				fieldname: "quickbooks_id",
				fieldtype: "Data",
				label: __("QuickBooks ID of the {0}", [__(frm.doc.entity)]),
				default: frm.doc.candidate_id,
				description: __(
					"The number at the end of its address in QuickBooks (txnId=…). Nothing is sent then; this can't be undone here."
				),
				reqd: 1,
			},
		],
		(values) => decide(frm, "link_existing", values),
		__("Link {0} to What QuickBooks Has", [frm.doc.reference_name]),
		__("Link")
	);
}
