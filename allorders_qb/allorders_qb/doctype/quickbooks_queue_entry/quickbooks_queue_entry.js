// One entry of the queue: what it is about, why it waits, what mends it, and what a person can do about it.
const ENTRY_API = "allorders_qb.api.queue";
const ENTRY_DECIDERS = ["QuickBooks Manager", "System Manager"];
const ENTRY_POSTERS = ["QuickBooks Poster", ...ENTRY_DECIDERS];

frappe.ui.form.on("QuickBooks Queue Entry", {
	async refresh(frm) {
		frm.disable_save();
		const has_role = (roles) => roles.some((role) => frappe.user.has_role(role));
		if (has_role(ENTRY_POSTERS) && ["Queued", "Needs Attention"].includes(frm.doc.status)) {
			frm.add_custom_button(__("Try Again"), () => decide(frm, "retry"));
		}
		if (has_role(ENTRY_DECIDERS)) {
			if (frm.doc.status === "Needs Attention") {
				frm.add_custom_button(__("Link to What QuickBooks Has"), () => ask_link(frm));
			}
			if (["Queued", "Needs Attention"].includes(frm.doc.status) && !frm.doc.possibly_stored) {
				frm.add_custom_button(__("Remove"), () => ask_remove(frm));
			}
		}
		await show_advice(frm);
	},
});

async function show_advice(frm) {
	const name = frm.docname;
	const advice = await frappe.xcall(`${ENTRY_API}.get_advice`, { queue_entry: name });
	if (frm.docname !== name) return;
	const escape = frappe.utils.escape_html;
	const ahead = advice.ahead ? ` ${__("{0} go before it.", [advice.ahead])}` : "";
	const links = advice.links.map(
		(link) =>
			`<a class="mr-3" href="${frappe.utils.get_form_link(link.doctype, link.name)}"><u>${escape(link.label)}</u></a>`
	);
	frm.dashboard.clear_headline();
	frm.dashboard.set_headline(
		`<span class="quickbooks-entry-why">${escape(advice.sentence + ahead)}</span>
			<div class="quickbooks-entry-links mt-1">${links.join("")}</div>`,
		frm.doc.status === "Needs Attention" ? "red" : "blue"
	);
}

async function decide(frm, method, values = {}) {
	const { message } = await frappe.call({
		method: `${ENTRY_API}.${method}`,
		args: { queue_entry: frm.docname, ...values },
		freeze: true,
	});
	frappe.show_alert({ message: frappe.utils.escape_html(message), indicator: "green" }, 7);
	if (method === "remove") frappe.set_route("List", "QuickBooks Queue Entry");
	else await frm.reload_doc();
}

function ask_remove(frm) {
	frappe.confirm(
		__(
			"Take {0} out of the queue? Nothing of it has been sent. A document is then Not Sent until somebody presses its button; a list record stays in QuickBooks as it is there.",
			[`<b>${frappe.utils.escape_html(frm.doc.reference_name)}</b>`]
		),
		() => decide(frm, "remove")
	);
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
