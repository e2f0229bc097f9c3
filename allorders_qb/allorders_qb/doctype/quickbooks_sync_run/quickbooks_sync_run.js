// Frappe replaces the next line by the file it names.
// {% include "allorders_qb/public/js/quickbooks_sync.js" %}

const OPEN_STATUSES = ["Queued", "Running"];

frappe.ui.form.on("QuickBooks Sync Run", {
	refresh(frm) {
		frm.disable_save();
		clearTimeout(frm.quickbooks_timer);
		frm.dashboard.clear_headline();
		if (OPEN_STATUSES.includes(frm.doc.status)) {
			if (allorders_qb.sync.may_run()) frm.add_custom_button(__("Stop"), () => stop(frm));
			follow(frm);
			return;
		}
		if (frm.doc.summary) {
			frm.dashboard.set_headline(
				frappe.utils.escape_html(frm.doc.summary),
				allorders_qb.sync.COLOURS[frm.doc.status] || "gray"
			);
		}
		show_continuation(frm);
	},
});

async function stop(frm) {
	await allorders_qb.sync.stop(frm.docname);
	frm.reload_doc();
}

async function follow(frm) {
	const name = frm.docname;
	const run = await frappe.xcall(`${allorders_qb.sync.API}.get_progress`, { run: name });
	if (frm.docname !== name || cur_frm !== frm) return;
	if (!run.is_open) {
		await frm.reload_doc();
		return;
	}
	const percent = Math.round(run.percent || 0);
	frm.dashboard.set_headline(
		frappe.utils.escape_html(`${run.progress_text || __(run.status)} (${percent} %)`),
		"blue"
	);
	frm.quickbooks_timer = setTimeout(() => follow(frm), allorders_qb.sync.POLL);
}

async function show_continuation(frm) {
	const run = await frappe.xcall(`${allorders_qb.sync.API}.get_progress`, { run: frm.docname });
	if (run.continued_by) {
		frm.add_custom_button(__("Open the Run That Went On"), () =>
			frappe.set_route("Form", "QuickBooks Sync Run", run.continued_by)
		);
	}
}
