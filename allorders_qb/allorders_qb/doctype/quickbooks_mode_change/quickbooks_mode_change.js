// The guide through a change of the inventory mode: what has to hold, what is posted, and how far it is.

const MODE_CHANGE_API = "allorders_qb.api.mode_change";

frappe.ui.form.on("QuickBooks Mode Change", {
	setup(frm) {
		for (const fieldname of ["new_asset_account", "transfer_account"]) {
			frm.set_query(fieldname, () => ({
				filters: { inactive: 0, account_type: "Other Current Asset" },
			}));
		}
	},

	refresh(frm) {
		frm.events.show_checks(frm);
		if (frm.doc.docstatus === 0 && !frm.is_new()) {
			frm.add_custom_button(__("Check"), () => frm.events.check(frm));
			frm.page.set_primary_action(__("Begin"), () => frm.events.begin(frm));
		}
		if (frm.doc.status === "Running") {
			frm.events.show_progress(frm);
			frm.add_custom_button(__("Go On"), () => frm.events.go_on(frm));
		}
	},

	async check(frm) {
		if (frm.is_dirty()) await frm.save();
		await frappe.call({
			method: `${MODE_CHANGE_API}.check`,
			args: { name: frm.doc.name },
			freeze: true,
			freeze_message: __("Looking at QuickBooks"),
		});
		await frm.reload_doc();
	},

	async begin(frm) {
		await frm.events.check(frm);
		const failing = frm.events.read_checks(frm).filter((check) => !check.holds);
		if (failing.length) {
			frappe.msgprint({
				title: __("Not Begun"),
				message: failing.map((check) => frappe.utils.escape_html(check.sentence)).join("<br>"),
			});
			return;
		}
		frappe.confirm(
			__(
				"Change from {0} to {1}? {2} items are made anew in QuickBooks, {3} is moved onto them, and the net effect on inventory is 0.00. Until it is done nothing else that moves stock is sent. It can't be taken back, only changed back.",
				[
					__(frm.doc.from_mode),
					__(frm.doc.to_mode),
					frm.doc.lines.length,
					format_currency(frm.doc.total_value),
				]
			),
			() => frm.savesubmit()
		);
	},

	async go_on(frm) {
		await frappe.xcall(`${MODE_CHANGE_API}.go_on`, { name: frm.doc.name });
		await frm.reload_doc();
	},

	read_checks: (frm) => JSON.parse(frm.doc.checks || "[]"),

	show_checks(frm) {
		const escape = frappe.utils.escape_html;
		const rows = frm.events.read_checks(frm).map((check) => {
			const colour = check.holds ? "green" : "red";
			const link =
				!check.holds && check.link_doctype
					? ` <a href="#" data-doctype="${escape(check.link_doctype)}" data-name="${escape(
							check.link_name || ""
					  )}"><u>${escape(check.link_name || __(check.link_doctype))}</u></a>`
					: "";
			return `<tr>
				<td style="padding-right: 24px; vertical-align: top">
					<span class="indicator ${colour}">${escape(check.title)}</span></td>
				<td>${escape(check.sentence)}${link}</td></tr>`;
		});
		const accounts = frm.events.describe_effect(frm);
		const wrapper = frm.get_field("checks_view").$wrapper;
		wrapper.html(
			rows.length
				? `<table class="mode-change-checks" style="line-height: 2">${rows.join("")}</table>${accounts}`
				: `<p class="text-muted">${__("Press Check to see what has to hold.")}</p>`
		);
		wrapper.find("[data-doctype]").on("click", (event) => {
			event.preventDefault();
			const { doctype, name } = event.currentTarget.dataset;
			if (name) frappe.set_route("Form", doctype, name);
			else if (doctype === "QuickBooks Settings") frappe.set_route("Form", doctype);
			else frappe.set_route("List", doctype);
		});
	},

	describe_effect(frm) {
		const escape = frappe.utils.escape_html;
		const { from_mode, old_asset_account, new_asset_account, transfer_account } = frm.doc;
		const value = flt(frm.doc.total_value);
		const in_quickbooks = from_mode === "QuickBooks Counts Too" ? flt(frm.doc.quickbooks_value) : value;
		const lines = [
			[old_asset_account, -in_quickbooks],
			[new_asset_account, value],
			[transfer_account, in_quickbooks - value],
		];
		const rows = lines
			.filter(([account]) => account)
			.map(
				([account, amount]) =>
					`<tr><td style="padding-right: 24px">${escape(account || "")}</td>
					<td class="text-right">${format_currency(amount)}</td></tr>`
			)
			.join("");
		const net = flt(
			lines.reduce((sum, [, amount]) => sum + amount, 0),
			2
		);
		return `<p style="margin-top: 16px"><b>${__("Effect on the accounts")}</b></p>
			<table class="mode-change-effect" style="line-height: 1.8">${rows}
			<tr><td><b>${__("Net effect on inventory")}</b></td>
			<td class="text-right"><b>${format_currency(net)}</b></td></tr></table>`;
	},

	async show_progress(frm) {
		const name = frm.docname;
		const run = await frappe.db.get_value("QuickBooks Sync Run", frm.doc.run, [
			"status",
			"percent",
			"progress_text",
			"summary",
		]);
		const { status, percent, progress_text, summary } = run.message || {};
		if (["Queued", "Running"].includes(status)) {
			frm.dashboard.show_progress(__("Changing the inventory mode"), percent || 0, progress_text || "");
			// One timer per form, whatever refreshes it; it ends where another page is open.
			clearTimeout(frm.progress_timer);
			frm.progress_timer = setTimeout(() => {
				if (cur_frm === frm && frm.docname === name && frm.doc.status === "Running") frm.reload_doc();
			}, 5000);
			return;
		}
		frm.dashboard.set_headline_alert(
			frappe.utils.escape_html(
				summary || __("It has stopped. Mend what its synchronization names, then press Go On.")
			),
			"orange"
		);
	},
});
