// What Send All would send, and what stays and why: a dialog. Pasted into scripts by Frappe: no backslashes in it.
frappe.provide("allorders_qb");

allorders_qb.send_all = allorders_qb.send_all || {
	API: "allorders_qb.api.send_all",

	async show() {
		const preview = await frappe.xcall(`${this.API}.preview`);
		const dialog = new frappe.ui.Dialog({
			title: __("What the Next Synchronization Would Send"),
			size: "extra-large",
			fields: [{ fieldname: "preview", fieldtype: "HTML" }],
		});
		this.draw(dialog, preview);
		dialog.show();
	},

	draw(dialog, preview) {
		const area = dialog.get_field("preview").$wrapper.empty();
		this.draw_switches(area, preview, dialog);
		$('<p class="quickbooks-send-all-totals"></p>').html(this.describe(preview)).appendTo(area);
		const releasable = preview.rows.filter((row) => row.may_release);
		if (releasable.length) this.draw_release(area, releasable, dialog);
		if (!preview.rows.length) {
			$('<p class="text-muted"></p>')
				.text(__("Nothing is waiting: whatever was shipped is in QuickBooks already, or in the queue."))
				.appendTo(area);
			return;
		}
		area.append(this.make_table(preview.rows, dialog));
		if (preview.rows.length < preview.going + preview.staying) {
			$('<p class="text-muted"></p>')
				.text(__("Only the first {0} are shown.", [preview.rows.length]))
				.appendTo(area);
		}
	},

	draw_switches(area, preview, dialog) {
		const labels = { transactions: __("Send All Transactions"), payments: __("Send All Payments") };
		const off = Object.keys(preview.switches)
			.filter((group) => !preview.switches[group])
			.map((group) => labels[group]);
		if (!off.length) return;
		const note = $('<p class="quickbooks-send-all-off"></p>').appendTo(area);
		note.append(
			$('<span class="indicator-pill orange" style="white-space: normal; height: auto"></span>').text(
				__("{0} is off: only what waits in the queue is sent at a synchronization.", [off.join(", ")])
			)
		);
		$('<a href="#" style="margin-left: 8px"></a>')
			.text(__("Open QuickBooks Settings"))
			.on("click", (event) => {
				event.preventDefault();
				dialog.hide();
				frappe.set_route("Form", "QuickBooks Settings");
			})
			.appendTo(note);
	},

	describe(preview) {
		const totals = Object.entries(preview.totals)
			.map(([currency, amount]) => format_currency(amount, currency || null))
			.join(", ");
		return __("{0} would go{1}, {2} stay.", [
			`<b>${preview.going}</b>`,
			totals ? ` (${frappe.utils.escape_html(totals)})` : "",
			`<b>${preview.staying}</b>`,
		]);
	},

	draw_release(area, releasable, dialog) {
		$('<p><button type="button" class="btn btn-primary btn-sm"></button></p>')
			.find("button")
			.text(
				releasable.length === 1
					? __("Release One Document of Others")
					: __("Release {0} Documents of Others", [releasable.length])
			)
			.on("click", () =>
				frappe.confirm(__("Release {0} documents? They may then be sent.", [releasable.length]), () =>
					this.release(releasable, dialog)
				)
			)
			.end()
			.appendTo(area);
	},

	async release(rows, dialog) {
		const types = [...new Set(rows.map((row) => row.doctype))];
		const refused = [];
		for (const doctype of types) {
			const names = rows.filter((row) => row.doctype === doctype).map((row) => row.name);
			const { message: results } = await frappe.call({
				method: `${this.API}.release_documents`,
				args: { doctype, names },
				freeze: true,
			});
			refused.push(...results.filter((result) => !result.ok));
		}
		if (refused.length) {
			frappe.msgprint({
				title: __("Not Released"),
				indicator: "orange",
				message: refused.map((result) => frappe.utils.escape_html(result.message)).join("<br>"),
			});
		}
		this.draw(dialog, await frappe.xcall(`${this.API}.preview`));
	},

	make_table(rows, dialog) {
		const table = $(`<div style="max-height: 55vh; overflow: auto"><table class="table quickbooks-send-all">
			<thead><tr><th></th><th>${__("Document")}</th><th>${__("Who")}</th><th>${__("Date")}</th>
			<th class="text-right">${__("Amount")}</th><th>${__("Why")}</th></tr></thead><tbody></tbody></table></div>`);
		const body = table.find("tbody");
		rows.forEach((row) => this.make_row(row, dialog).appendTo(body));
		return table;
	},

	make_row(row, dialog) {
		const escape = frappe.utils.escape_html;
		const line = $(`<tr data-name="${escape(row.name)}" data-goes="${row.goes ? 1 : 0}">
			<td><span class="indicator-pill ${row.goes ? "green" : "gray"}">${
			row.goes ? __("Goes") : __("Stays")
		}</span></td>
			<td class="text-nowrap"><a href="${frappe.utils.get_form_link(row.doctype, row.name)}">${escape(
			row.name
		)}</a><div class="text-muted small">${escape(__(row.doctype))}</div></td>
			<td>${escape(row.party)}</td>
			<td class="text-nowrap">${frappe.datetime.str_to_user(row.date)}</td>
			<td class="text-right text-nowrap">${format_currency(row.amount, row.currency || null)}</td>
			<td class="text-muted">${escape(row.reason)}</td>
		</tr>`);
		line.find("a").on("click", () => dialog.hide());
		return line;
	},
};
