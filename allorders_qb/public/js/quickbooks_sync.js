// Synchronizing from the desk: Sync Now with its progress, the dialogs for full and selected ones, Stop. Used by the
// workspace, the list of synchronizations and their form. Pasted into scripts by Frappe: no backslashes in it.
frappe.provide("allorders_qb");

allorders_qb.sync = allorders_qb.sync || {
	API: "allorders_qb.api.runs",
	POLL: 1000,
	IDLE_POLL: 30000,
	MANAGERS: ["QuickBooks Manager", "System Manager"],
	announced: new Set(),
	COLOURS: {
		Queued: "blue",
		Running: "blue",
		Finished: "green",
		"Finished with Errors": "orange",
		Failed: "red",
	},

	may_run() {
		return this.MANAGERS.some((role) => frappe.user.has_role(role));
	},

	// A panel in `area` (a jQuery element): what is under way or was last done, and what may be pressed. It looks again by
	// itself, soon while something is under way, as long as it is on the page.
	show_panel(area) {
		const panel = { area, timer: null };
		this.panels = (this.panels || []).filter((other) => other.area[0].isConnected);
		this.panels.push(panel);
		this.refresh_panel(panel);
		return panel;
	},

	async refresh_panel(panel) {
		clearTimeout(panel.timer);
		if (!panel.area[0].isConnected) return;
		if (!document.hidden) {
			const overview = await frappe.xcall(`${this.API}.get_overview`);
			if (panel.was_running && !overview.current) this.announce(panel.was_running);
			panel.was_running = overview.current ? overview.current.name : null;
			this.draw_panel(panel, overview);
			panel.pause = overview.current ? this.POLL : this.IDLE_POLL;
		}
		panel.timer = setTimeout(() => this.refresh_panel(panel), panel.pause || this.POLL);
	},

	refresh_panels() {
		(this.panels || []).forEach((panel) => this.refresh_panel(panel));
	},

	async announce(name) {
		const run = await frappe.xcall(`${this.API}.get_progress`, { run: name });
		if (run.is_open || this.announced.has(name)) return;
		this.announced.add(name);
		frappe.show_alert(
			{
				message: frappe.utils.escape_html(`${__(run.status)}: ${run.summary || ""}`),
				indicator: this.COLOURS[run.status] || "gray",
			},
			10
		);
		if (cur_list && cur_list.doctype === "QuickBooks Sync Run") cur_list.refresh();
	},

	draw_panel(panel, overview) {
		const box = $(`<div class="quickbooks-sync d-flex flex-wrap align-items-center"
			style="gap: 8px 16px; padding: 12px 16px; border: 1px solid var(--border-color); border-radius: 8px">
			<div class="quickbooks-sync-state" style="flex: 1 1 360px; min-width: 0"></div>
			<div class="quickbooks-sync-facts d-flex flex-wrap" style="gap: 4px 12px"></div>
			<div class="quickbooks-sync-buttons d-flex flex-wrap" style="gap: 8px"></div>
		</div>`);
		const state = box.find(".quickbooks-sync-state");
		if (overview.current) this.draw_progress(state, overview.current);
		else this.draw_last(state, overview);
		this.draw_facts(box.find(".quickbooks-sync-facts"), overview);
		if (this.may_run()) this.draw_buttons(box.find(".quickbooks-sync-buttons"), overview);
		panel.area.empty().append(box);
	},

	draw_progress(area, run) {
		const percent = Math.round(run.percent || 0);
		const bar = $(`<div class="d-flex align-items-baseline" style="gap: 8px">
				<b class="quickbooks-sync-step"></b><span class="quickbooks-sync-text text-muted" style="flex: 1"></span>
				<span class="quickbooks-sync-percent">${percent} %</span>
			</div>
			<div class="progress" style="height: 8px; margin-top: 6px" role="progressbar"
				aria-valuenow="${percent}" aria-valuemin="0" aria-valuemax="100">
				<div class="progress-bar" style="width: ${percent}%"></div>
			</div>
			<div class="quickbooks-sync-counts text-muted small" style="margin-top: 4px"></div>`);
		area.append(bar);
		area.find(".quickbooks-sync-step").text(run.status === "Queued" ? __("Waiting") : __(run.kind));
		area.find(".quickbooks-sync-text").text(run.progress_text || "");
		area.find(".quickbooks-sync-counts").text(this.describe_counts(run.counts));
	},

	describe_counts(counts) {
		const words = {
			read: __("read"),
			created: __("new"),
			updated: __("changed"),
			sent: __("sent"),
			changed_there: __("changed in QuickBooks"),
			conflicts: __("to decide"),
			errors: __("with errors"),
		};
		return counts
			.map((row) => {
				const parts = Object.keys(words).filter((column) => row[column]);
				return parts.length
					? `${__(row.list_type)}: ${parts.map((column) => `${row[column]} ${words[column]}`).join(", ")}`
					: "";
			})
			.filter(Boolean)
			.join(" · ");
	},

	draw_last(area, overview) {
		const last = overview.last;
		const pill = $('<span class="indicator-pill" style="white-space: normal; height: auto"></span>');
		if (overview.not_ready) {
			area.append(pill.addClass("orange").text(overview.not_ready));
			return;
		}
		if (overview.matching) {
			pill.addClass("orange").text(__("Customers, vendors and items wait until the lists are matched."));
			const link = $('<a href="#" class="quickbooks-match-lists"></a>').text(__("Match Lists"));
			area.append(pill, " ", this.lead(link, () => frappe.set_route("match-lists")));
			return;
		}
		if (!last) {
			area.text(__("Nothing has been synchronized yet. Press Sync Now to exchange what has changed."));
			return;
		}
		pill.addClass(this.COLOURS[last.status] || "gray").text(__(last.status));
		const link = $('<a href="#" class="quickbooks-sync-last"></a>').text(
			frappe.datetime.comment_when ? __("Last synchronization") : last.name
		);
		this.lead(link, () => frappe.set_route("Form", "QuickBooks Sync Run", last.name));
		const when = $("<span></span>").text(
			` ${frappe.datetime.str_to_user(last.finished_at || last.started_at)}: ${last.summary || ""}`
		);
		area.append(pill, " ", link, when);
	},

	draw_facts(area, overview) {
		const queue = (statuses) =>
			frappe.set_route("List", "QuickBooks Queue Entry", { status: ["in", statuses] });
		this.add_fact(area, overview.queued, __("{0} in the queue", [overview.queued]), () =>
			queue(["Queued", "Sending", "Outcome Unknown"])
		);
		this.add_fact(area, overview.attention, __("{0} need attention", [overview.attention]), () =>
			queue(["Needs Attention"])
		);
	},

	add_fact(area, number, text, open) {
		if (number) this.lead($('<a href="#"></a>').text(text), open).appendTo(area);
	},

	lead(link, open) {
		return link.on("click", (event) => {
			event.preventDefault();
			event.stopPropagation();
			open();
		});
	},

	draw_buttons(area, overview) {
		const add = (label, action, kind = "btn-default") =>
			$(`<button type="button" class="btn btn-sm ${kind}"></button>`)
				.text(label)
				.on("click", (event) => {
					$(event.currentTarget).prop("disabled", true);
					action();
				})
				.appendTo(area);
		if (overview.current) {
			add(__("Stop"), () => this.stop(overview.current.name));
			return;
		}
		add(__("Sync Now"), () => this.start("sync_now"), "btn-primary");
	},

	async start(method, args = {}) {
		try {
			const run = await frappe.xcall(`${this.API}.${method}`, args);
			frappe.show_alert({ message: __("The synchronization begins."), indicator: "blue" }, 3);
			this.follow(run.name, () => this.refresh_panels());
		} finally {
			this.refresh_panels();
		}
	},

	async stop(name) {
		try {
			const message = await frappe.xcall(`${this.API}.stop`, { run: name });
			frappe.show_alert({ message: frappe.utils.escape_html(message), indicator: "orange" }, 5);
		} finally {
			this.refresh_panels();
		}
	},

	// Selected records: followed in an alert, since their own form or list is what one looks at.
	async sync_records(doctype, names, when_done) {
		const run = await frappe.xcall(`${this.API}.sync_records`, { doctype, names });
		frappe.show_alert(
			{ message: __("Synchronizing {0} with QuickBooks…", [names.length === 1 ? names[0] : names.length]) },
			5
		);
		this.follow(run.name, when_done);
	},

	async follow(name, when_done) {
		const run = await frappe.xcall(`${this.API}.get_progress`, { run: name });
		if (run.continued_by) return this.follow(run.continued_by, when_done);
		if (run.is_open) return setTimeout(() => this.follow(name, when_done), this.POLL);
		await this.announce(name);
		when_done();
	},

	ask_lists(lists) {
		const dialog = new frappe.ui.Dialog({
			title: __("Sync Lists"),
			fields: [
				{
					fieldname: "lists",
					fieldtype: "MultiCheck",
					label: __("Lists"),
					columns: 2,
					options: lists.map((list) => ({ label: list.label, value: list.list_type })),
				},
				{
					fieldname: "since",
					fieldtype: "Date",
					label: __("Changed in QuickBooks Since"),
					description: __("Empty: everything in these lists is read."),
				},
			],
			primary_action_label: __("Sync These"),
			primary_action: ({ lists: chosen, since }) => {
				if (!chosen || !chosen.length) {
					frappe.msgprint(__("Tick at least one list."));
					return;
				}
				dialog.hide();
				this.start("sync_lists", { lists: chosen, since: since || null });
			},
		});
		dialog.show();
	},

	ask_full() {
		frappe.confirm(
			__(
				"Read every list of QuickBooks anew? That takes longer than Sync Now and is needed only when something seems to be missing. Nothing is lost by it."
			),
			() => this.start("sync_fully")
		);
	},
};

if (!allorders_qb.sync.listens) {
	allorders_qb.sync.listens = true;
	frappe.realtime.on("quickbooks_run", () => allorders_qb.sync.refresh_panels());
}
