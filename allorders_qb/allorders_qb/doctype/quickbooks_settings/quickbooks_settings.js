// Connect, disconnect, and how the connection is doing.

// The types that sync/inventory_settings.py lets each account be of.
const COSTS = ["Cost of Goods Sold", "Expense", "Other Expense"];
const INVENTORY_ACCOUNTS = {
	inventory_asset_account: ["Other Current Asset"],
	cost_of_goods_account: ["Cost of Goods Sold"],
	adjustment_account: [...COSTS, "Income", "Other Income", "Equity"],
	scrap_account: COSTS,
	cost_difference_account: ["Other Current Asset"],
	manufacturing_clearing_account: ["Other Current Asset", "Other Current Liability", ...COSTS],
	purchase_variance_account: COSTS,
	labour_account: [...COSTS, "Other Current Liability"],
	subcontract_account: [...COSTS, "Other Current Liability"],
	overhead_account: [...COSTS, "Other Current Liability"],
	landed_cost_clearing_account: ["Other Current Liability", "Other Current Asset", ...COSTS],
	received_not_billed_account: ["Other Current Liability"],
	deposit_account: ["Bank", "Other Current Asset"],
	refund_account: ["Bank"],
};

frappe.ui.form.on("QuickBooks Settings", {
	setup(frm) {
		frm.set_query("default_income_account", () => ({
			filters: { inactive: 0, account_type: ["in", ["Income", "Other Income"]] },
		}));
		frm.set_query("document_type", "send_all_filters", () => ({
			filters: { name: ["in", (frm.doc.posting_rules || []).map((rule) => rule.document_type)] },
		}));
		frm.set_query("party_type", "send_all_filters", () => ({
			filters: { name: ["in", ["AO Customer", "AO Vendor"]] },
		}));
		frm.set_query("default_expense_account", () => ({ filters: { inactive: 0 } }));
		for (const [fieldname, types] of Object.entries(INVENTORY_ACCOUNTS)) {
			frm.set_query(fieldname, () => ({ filters: { inactive: 0, account_type: ["in", types] } }));
		}
	},

	async refresh(frm) {
		// The company stands in the connection's own lines, below.
		frm.toggle_display("realm_id", false);
		const status = await frappe.xcall("allorders_qb.api.connection.get_connection_status");
		connection_panel.show(frm, status);
	},
});

const API = "allorders_qb.api.connection";

const connection_panel = {
	show(frm, status) {
		this.show_state(frm, status);
		this.show_buttons(frm, status);
		if (status.result) {
			frappe.show_alert(
				{
					message: frappe.utils.escape_html(status.result.message),
					indicator: status.result.indicator,
				},
				10
			);
		}
	},

	show_state(frm, status) {
		const colour = status.ready ? "green" : status.connected ? "orange" : status.company ? "red" : "gray";
		const lines = status.company ? this.describe(status) : this.explain_first_steps(frm);
		const wrapper = frm.get_field("connection_status").$wrapper;
		wrapper.html(
			`<p class="quickbooks-connection"><span class="indicator-pill ${colour} whitespace-normal">
				<span style="white-space: normal">${frappe.utils.escape_html(
					status.company ? status.sentence : __("No QuickBooks company is connected yet.")
				)}</span></span></p>${this.list_lost(status)}${lines}`
		);
		if (status.connected) {
			const area = $("<div></div>").appendTo(wrapper);
			frappe.require("/assets/allorders_qb/js/quickbooks_health.js", () =>
				allorders_qb.health.show(area, { without: ["connection"] })
			);
		}
		wrapper.find("[data-match-lists]").on("click", (event) => {
			event.preventDefault();
			frappe.set_route("match-lists");
		});
		wrapper.find("[data-queue-status]").on("click", (event) => {
			event.preventDefault();
			const statuses = event.currentTarget.dataset.queueStatus.split(",");
			frappe.set_route("List", "QuickBooks Queue Entry", { status: ["in", statuses] });
		});
	},

	// What the settings name and somebody has deleted.
	list_lost(status) {
		if (!status.lost.length) return "";
		const lines = status.lost.map((sentence) => `<li>${frappe.utils.escape_html(sentence)}</li>`);
		return `<ul class="quickbooks-lost" style="padding-left: 20px; color: var(--orange-700)">${lines.join("")}</ul>`;
	},

	explain_first_steps(frm) {
		const steps = [
			__("Choose the environment, and enter the Client ID and the Client Secret of your Intuit app."),
			__("Add the Redirect URI below to that app's Redirect URIs at Intuit."),
			__("Save, then press Connect to QuickBooks and choose the company."),
		];
		return `<ol class="text-muted quickbooks-first-steps" style="padding-left: 20px">${steps
			.map((step) => `<li>${step}</li>`)
			.join("")}</ol>`;
	},

	describe(status) {
		const escape = frappe.utils.escape_html;
		const moment = (value) => frappe.format(value, { fieldtype: "Datetime" });
		const facts = [
			[
				__("Company"),
				`${escape(status.company)} <span class="text-muted">(${escape(status.realm_id)}, ${__(
					status.environment
				)})</span>`,
			],
			[
				__("Connected"),
				__("by {0} on {1}", [escape(status.connected_by || ""), moment(status.connected_at)]),
			],
		];
		if (status.matching) {
			facts.push([
				__("Lists"),
				`<a href="#" data-match-lists><u>${__("Customers, vendors and items wait until you have matched them.")}</u></a>`,
			]);
		}
		// While a company is connected its health, below, tells of the queue.
		if (!status.connected) facts.push([__("Queue"), this.describe_queue(status)]);
		return `<table class="quickbooks-facts" style="line-height: 2">${facts
			.map(
				([label, value]) =>
					`<tr><td class="text-muted" style="padding-right: 32px">${label}</td><td>${value}</td></tr>`
			)
			.join("")}</table>`;
	},

	describe_queue(status) {
		const link = (statuses, text) => `<a href="#" data-queue-status="${statuses}"><u>${text}</u></a>`;
		const parts = [];
		if (status.queued) {
			parts.push(link("Queued,Sending,Outcome Unknown", __("{0} on their way", [status.queued])));
		}
		if (status.attention) {
			parts.push(link("Needs Attention", __("{0} need attention", [status.attention])));
		}
		return parts.join(", ") || __("Empty: everything that was to be sent is in QuickBooks.");
	},

	show_buttons(frm, status) {
		const connect = frm.add_custom_button(
			status.company ? __("Connect Again") : __("Connect to QuickBooks"),
			() => this.connect(frm)
		);
		if (!status.connected) {
			connect.addClass("btn-primary").removeClass("btn-default");
			return;
		}
		const match = frm.add_custom_button(__("Match Lists"), () => frappe.set_route("match-lists"));
		if (status.matching) match.addClass("btn-primary").removeClass("btn-default");
		frm.add_custom_button(__("Refresh Lists"), () => this.call(frm, `${API}.refresh_lists`));
		frm.add_custom_button(__("Send Waiting Now"), () =>
			this.call(frm, "allorders_qb.api.queue.send_waiting_now")
		);
		if (frm.doc.inventory_fixed_by) {
			frm.add_custom_button(__("Change Inventory Mode"), async () => {
				const name = await frappe.xcall("allorders_qb.api.mode_change.propose");
				frappe.set_route("Form", "QuickBooks Mode Change", name);
			});
		}
		frm.add_custom_button(__("Disconnect"), () => this.ask_disconnect(frm, status));
	},

	async connect(frm) {
		if (frm.is_dirty()) {
			frappe.msgprint({
				message: __("Save the settings first, then connect."),
				title: __("Not Saved"),
			});
			return;
		}
		window.location.href = await frappe.xcall(`${API}.get_consent_url`);
	},

	ask_disconnect(frm, status) {
		frappe.confirm(
			__(
				"Disconnect from {0}? Nothing is sent until a company is connected again; what is queued waits. What has been sent stays in QuickBooks.",
				[`<b>${frappe.utils.escape_html(status.company)}</b>`]
			),
			() => this.call(frm, `${API}.disconnect`)
		);
	},

	async call(frm, method) {
		const { message } = await frappe.call({ method, freeze: true });
		frappe.show_alert({ message: frappe.utils.escape_html(message), indicator: "green" }, 7);
		await frm.reload_doc();
	},
};
