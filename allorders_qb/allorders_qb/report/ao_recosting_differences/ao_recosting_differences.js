// What was posted against what it costs by now, and the one draft that brings the books up to date.
frappe.query_reports["AO Recosting Differences"] = {
	onload(report) {
		report.page.add_inner_button(__("Make Cost True-Up"), async () => {
			const name = await frappe.xcall("allorders_qb.api.true_up.propose_true_up");
			frappe.set_route("Form", "AO Cost True-Up", name);
		});
	},
};
