// Connect, disconnect, and how the connection is doing.
frappe.ui.form.on("QuickBooks Settings", {
	setup(frm) {
		const active = () => ({ filters: { inactive: 0 } });
		frm.set_query("default_income_account", () => ({
			filters: { inactive: 0, account_type: ["in", ["Income", "Other Income"]] },
		}));
		frm.set_query("default_expense_account", active);
	},

	async refresh(frm) {
		const status = await frappe.xcall("allorders_qb.api.connection.get_connection_status");
		show_status(frm, status);
		add_buttons(frm, status);
		if (status.result) {
			frappe.show_alert(status.result, 10);
		}
	},
});

function show_status(frm, status) {
	const escape = frappe.utils.escape_html;
	const colour = status.ready ? "green" : status.connected ? "orange" : status.company ? "red" : "gray";
	const facts = [];
	if (status.company) {
		facts.push([__("Company"), `${escape(status.company)} (${escape(status.realm_id)}, ${__(status.environment)})`]);
		facts.push([
			__("Connected"),
			__("by {0} on {1}", [escape(status.connected_by || ""), frappe.datetime.str_to_user(status.connected_at || "")]),
		]);
		if (status.connected && status.days_left !== null) {
			facts.push([
				__("Authorization"),
				__("{0} days left; renewed each time it is used, last on {1}", [
					status.days_left,
					frappe.datetime.str_to_user(status.refreshed_at || ""),
				]),
			]);
		}
		const queue = (filter, count, label) =>
			`<a href="#" data-queue-status="${filter}">${count} ${label}</a>`;
		facts.push([
			__("Queue"),
			`${queue("Queued", status.queued, __("on their way"))}, ${queue(
				"Needs Attention",
				status.attention,
				__("need attention")
			)}`,
		]);
	}
	const rows = facts
		.map(([label, value]) => `<div class="row"><div class="col-sm-3 text-muted">${label}</div><div class="col-sm-9">${value}</div></div>`)
		.join("");
	const wrapper = frm.get_field("connection_status").$wrapper;
	wrapper.html(
		`<p class="quickbooks-connection"><span class="indicator-pill ${colour}">${escape(status.sentence)}</span></p>${rows}`
	);
	wrapper.find("[data-queue-status]").on("click", (event) => {
		event.preventDefault();
		frappe.set_route("List", "QuickBooks Queue Entry", { status: event.currentTarget.dataset.queueStatus });
	});
}

function add_buttons(frm, status) {
	const connect = frm.add_custom_button(status.company ? __("Connect Again") : __("Connect to QuickBooks"), () => {
		if (frm.is_dirty()) {
			frappe.msgprint(__("Save the settings first, then connect."));
			return;
		}
		frappe
			.xcall("allorders_qb.api.connection.get_consent_url")
			.then((url) => (window.location.href = url));
	});
	if (!status.connected) connect.addClass("btn-primary").removeClass("btn-default");
	if (!status.connected) return;
	frm.add_custom_button(__("Refresh Lists"), () =>
		frappe
			.xcall("allorders_qb.api.connection.refresh_lists")
			.then((message) => frappe.show_alert({ message, indicator: "green" }))
			.then(() => frm.reload_doc())
	);
	frm.add_custom_button(__("Send Waiting Now"), () =>
		frappe
			.xcall("allorders_qb.api.queue.send_waiting_now")
			.then((message) => frappe.show_alert({ message, indicator: "green" }))
	);
	frm.add_custom_button(__("Disconnect"), () =>
		frappe.confirm(
			__("Disconnect from {0}? What is queued waits until a company is connected again.", [status.company]),
			() =>
				frappe
					.xcall("allorders_qb.api.connection.disconnect")
					.then((message) => frappe.msgprint(message))
					.then(() => frm.reload_doc())
		)
	);
}
