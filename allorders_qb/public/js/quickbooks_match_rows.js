// The rows of a matching: lists, filters, search, pages, and decisions about many at once. One row is drawn by
// quickbooks_match_row.js, what is asked stands in quickbooks_match_dialogs.js.
frappe.provide("allorders_qb");

allorders_qb.MatchRows = class MatchRows {
	constructor(owner) {
		this.owner = owner;
		this.API = "allorders_qb.api.matching";
		this.LENGTH = 50;
		this.LABELS = {
			Link: __("Link"),
			Import: __("Import as New"),
			Create: __("Create in QuickBooks"),
			"Leave Alone": __("Leave Alone"),
		};
		this.COLOURS = { Link: "blue", Import: "green", Create: "purple", "Leave Alone": "gray" };
		this.VIEWS = [
			{ key: "proposed", label: __("Proposed"), filters: { state: "Proposed" } },
			{ key: "several_candidates", label: __("Several Candidates"), filters: { state: "Several Candidates" } },
			{ key: "only_theirs", label: __("Only in QuickBooks"), filters: { state: "Unmatched", side: "QuickBooks" } },
			{ key: "only_ours", label: __("Only Here"), filters: { state: "Unmatched", side: "Here" } },
			{ key: "decided", label: __("Decided"), filters: { state: "Decided" } },
			{ key: "all", label: __("All"), filters: {} },
		];
		this.start = 0;
		this.search = "";
	}

	is_shown() {
		return Boolean(this.box && this.box[0].isConnected);
	}

	leave() {
		this.box = null;
	}

	show(area) {
		if (!this.is_shown()) {
			area.empty();
			this.box = $(`<div>
				<ul class="nav nav-tabs match-tabs" role="tablist"></ul>
				<div class="match-filters"></div>
				<div class="match-bulk"></div>
				<div class="match-table"></div>
				<div class="match-paging d-flex align-items-center" style="gap: 8px"></div>
				<div class="match-foot"><div class="container"></div></div>
			</div>`).appendTo(area);
			this.lists = this.owner.state.lists;
			this.list = this.list || (this.lists.find((one) => this.count(one).open) || this.lists[0]);
			this.view = this.view || this.choose_view();
		}
		this.draw_frame();
		this.load();
	}

	count(list) {
		return this.owner.state.summary.lists[list.list_type] || { open: 0 };
	}

	choose_view() {
		const numbers = this.count(this.list);
		return this.VIEWS.find((view) => numbers[view.key]) || this.VIEWS[this.VIEWS.length - 1];
	}

	get_filters() {
		return { ...this.view.filters, search: this.search };
	}

	go(values) {
		Object.assign(this, { start: 0, ...values });
		this.draw_frame();
		this.load();
	}

	draw_frame() {
		this.draw_tabs();
		this.draw_filters();
		this.draw_foot();
	}

	draw_tabs() {
		const tabs = this.box.find(".match-tabs").empty();
		this.lists.forEach((list) => {
			const open = this.count(list).open;
			const link = $('<a class="nav-link" role="tab" href="#"></a>')
				.text(__(list.label))
				.toggleClass("active", list === this.list)
				.attr("data-list", list.list_type)
				.on("click", (event) => {
					event.preventDefault();
					this.list = list;
					this.search = "";
					this.box.find(".match-filters").empty();
					this.go({ view: this.choose_view() });
				});
			link.append($('<span class="badge" style="margin-left: 6px"></span>').text(open ? __("{0} open", [open]) : "✓"));
			$('<li class="nav-item"></li>').append(link).appendTo(tabs);
		});
	}

	draw_filters() {
		const numbers = this.count(this.list);
		const area = this.box.find(".match-filters");
		area.find("button").remove();
		let search = area.find("input");
		if (!search.length) {
			search = $('<input type="search" class="form-control input-sm match-search">')
				.attr("placeholder", __("Name, e-mail or SKU"))
				.on("input", frappe.utils.debounce(() => this.go({ search: search.val() }), 300))
				.appendTo(area);
			search.val(this.search);
		}
		this.VIEWS.forEach((view) => {
			const number = view.key === "decided" ? (numbers.decided || 0) + (numbers.known || 0) : numbers[view.key];
			$('<button type="button" class="btn btn-default btn-xs"></button>')
				.text(view.key === "all" ? view.label : `${view.label} ${number || 0}`)
				.attr("data-view", view.key)
				.toggleClass("active", view === this.view)
				.on("click", () => this.go({ view }))
				.insertBefore(search);
		});
	}

	async load() {
		const asked = (this.asked = {});
		const page = await frappe.xcall(`${this.API}.get_rows`, {
			list_type: this.list.list_type,
			filters: this.get_filters(),
			start: this.start,
			length: this.LENGTH,
		});
		// A later question has been asked meanwhile: its answer counts.
		if (asked !== this.asked || !this.is_shown()) return;
		if (!page.rows.length && this.start) return this.go({ start: Math.max(0, this.start - this.LENGTH) });
		this.total = page.total;
		this.selected = new Set();
		this.draw_table(page.rows);
		this.draw_paging(page.rows.length);
		this.draw_bulk();
	}

	draw_table(rows) {
		const area = this.box.find(".match-table").empty();
		if (!rows.length) {
			$('<div class="match-card text-muted text-center" style="margin-top: 0"></div>')
				.text(this.explain_empty())
				.appendTo(area);
			return;
		}
		const table = $(`<table class="table"><thead><tr>
			<th style="width: 36px"><input type="checkbox" class="match-all"></th>
			<th>${__("In QuickBooks")}</th><th>${__("Here")}</th>
			<th style="width: 130px">${__("Proposed By")}</th><th style="width: 34%">${__("Decision")}</th>
		</tr></thead><tbody></tbody></table>`).appendTo(area);
		rows.forEach((row) => table.find("tbody").append(allorders_qb.match_row.make(this, row)));
		table.find(".match-all").on("change", (event) => {
			table.find(".match-pick:not(:disabled)").prop("checked", event.target.checked).trigger("change");
		});
	}

	explain_empty() {
		if (this.search) return __("Nothing is called “{0}” here.", [this.search]);
		if (!this.count(this.list).open) return __("Everything in this list is decided.");
		return __("Nothing here. Look at the other filters.");
	}

	add_action(area, label, action, style) {
		$('<button type="button" class="btn btn-xs"></button>')
			.addClass(style || "btn-default")
			.text(label)
			.on("click", action)
			.appendTo(area);
	}

	draw_bulk() {
		const area = this.box.find(".match-bulk").empty();
		area.toggleClass("hidden", !this.total);
		const names = [...this.selected];
		const number = names.length || this.total;
		$("<span></span>")
			.text(names.length ? __("{0} selected:", [names.length]) : __("All {0} of this view:", [this.total]))
			.appendTo(area);
		const offered = {
			proposed: ["Link", "Import", "Leave Alone"],
			several_candidates: ["Import", "Leave Alone"],
			only_theirs: ["Import", "Leave Alone"],
			only_ours: ["Create", "Leave Alone"],
			decided: [""],
			all: ["Leave Alone", ""],
		}[this.view.key].filter(
			(one) => (one !== "Import" || this.list.may_take) && (one !== "Create" || this.list.may_send)
		);
		offered.forEach((decision) =>
			this.add_action(area, decision ? this.LABELS[decision] : __("Undo"), () => {
				if (names.length) this.decide(decision, names);
				else {
					frappe.confirm(
						__("{0}: all {1} of this view?", [decision ? this.LABELS[decision] : __("Undo"), number]),
						() => this.decide(decision)
					);
				}
			})
		);
	}

	draw_paging(shown) {
		const area = this.box.find(".match-paging").empty();
		if (!this.total) return;
		const step = (label, start, possible) =>
			$('<button type="button" class="btn btn-default btn-xs"></button>')
				.text(label)
				.prop("disabled", !possible)
				.on("click", () => this.go({ start }))
				.appendTo(area);
		step(__("Previous"), Math.max(0, this.start - this.LENGTH), this.start > 0);
		step(__("Next"), this.start + this.LENGTH, this.start + shown < this.total);
		$('<span class="text-muted"></span>')
			.text(__("{0} to {1} of {2}", [this.start + 1, this.start + shown, this.total]))
			.appendTo(area);
	}

	draw_foot() {
		const { total } = this.owner.state.summary;
		const area = this.box.find(".match-foot > div").empty();
		$('<span class="match-sentence" style="flex: 1 1 auto"></span>').text(this.owner.state.summary.sentence).appendTo(area);
		if (total.open) {
			$('<span class="indicator-pill orange"></span>').text(__("{0} still open", [total.open])).appendTo(area);
			this.add_action(area, __("Decide the Rest …"), () => allorders_qb.match_dialogs.ask_rest(this), "btn-default");
		}
		this.add_action(area, __("Confirm …"), () => allorders_qb.match_dialogs.ask_confirmation(this), total.open ? "btn-default" : "btn-primary");
		area.find("button").last().prop("disabled", Boolean(total.open));
	}

	async decide(decision, names) {
		const values = names ? { names } : { list_type: this.list.list_type, filters: this.get_filters() };
		const { decided, state } = await frappe.xcall(`${this.API}.decide`, { decision, ...values });
		if (!decided) {
			frappe.show_alert({ message: __("This does not fit any of them."), indicator: "orange" });
		}
		this.owner.show(state);
	}

	async link(name, record) {
		this.owner.show(await frappe.xcall(`${this.API}.link_to`, { name, record }));
	}
};
