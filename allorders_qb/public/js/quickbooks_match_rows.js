// The rows of a matching: lists, filters, search, decisions per row and in bulk, and the confirmation.
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
		rows.forEach((row) => table.find("tbody").append(this.make_row(row)));
		table.find(".match-all").on("change", (event) => {
			table.find(".match-pick:not(:disabled)").prop("checked", event.target.checked).trigger("change");
		});
	}

	explain_empty() {
		if (this.search) return __("Nothing is called “{0}” here.", [this.search]);
		if (!this.count(this.list).open) return __("Everything in this list is decided.");
		return __("Nothing here. Look at the other filters.");
	}

	make_row(row) {
		const line = $('<tr><td></td><td class="match-theirs"></td><td class="match-ours"></td><td></td><td></td></tr>').attr(
			"data-title",
			row.title
		);
		const cells = line.find("td");
		$('<input type="checkbox" class="match-pick">')
			.prop("disabled", Boolean(row.done))
			.on("change", (event) => {
				this.selected[event.target.checked ? "add" : "delete"](row.name);
				this.draw_bulk();
			})
			.appendTo(cells.eq(0));
		if (row.side === "QuickBooks") {
			this.draw_theirs(cells.eq(1), row);
			this.draw_ours(cells.eq(2), row);
		} else {
			$('<span class="text-muted">–</span>').appendTo(cells.eq(1));
			this.draw_record(cells.eq(2), row.title, row);
		}
		const sign = row.side === "QuickBooks" && (row.record || row.candidates.length) && row.proposed_by;
		cells.eq(3).text(sign ? __(sign) : "–");
		this.draw_decision(cells.eq(4), row);
		return line;
	}

	draw_theirs(cell, row) {
		this.draw_record(cell, row.path && row.path.includes(":") ? row.path : row.title, row);
		if (row.tracked) {
			$('<span class="indicator-pill orange no-indicator-dot" style="height: auto; white-space: normal"></span>')
				.text(__("Counted by QuickBooks"))
				.attr("title", __("QuickBooks counts its quantity and value; neither is taken over."))
				.appendTo(cell);
		}
	}

	draw_ours(cell, row) {
		if (row.record) this.draw_record(cell, row.record, row.ours || {});
		else if (row.candidates.length && !row.decision) {
			$("<div></div>").text(__("One of {0}:", [row.candidates.length])).appendTo(cell);
			row.candidates.forEach((one) =>
				$('<button type="button" class="btn btn-default btn-xs" style="margin: 2px 4px 2px 0"></button>')
					.text([one.record, one.email || one.sku].filter(Boolean).join(" · "))
					.on("click", () => this.link(row.name, one.record))
					.appendTo(cell)
			);
		} else $('<span class="text-muted">–</span>').appendTo(cell);
	}

	draw_record(cell, name, record) {
		$("<div></div>").text(name).appendTo(cell);
		const more = [record.email, record.sku && __("SKU {0}", [record.sku]), record.inactive && __("inactive")];
		$('<div class="match-sub"></div>').text(more.filter(Boolean).join(" · ")).appendTo(cell);
	}

	draw_decision(cell, row) {
		const area = $('<div class="match-actions"></div>').appendTo(cell);
		if (row.done || row.decision) {
			const text = row.done ? __("Linked already") : this.LABELS[row.decision];
			$('<span class="indicator-pill" style="height: auto"></span>')
				.addClass(row.done ? "green" : this.COLOURS[row.decision])
				.text(text)
				.appendTo(area);
			if (!row.done) this.add_action(area, __("Undo"), () => this.decide("", [row.name]), "btn-link");
			return;
		}
		this.list_decisions(row).forEach((decision, index) =>
			this.add_action(area, this.LABELS[decision], () => this.decide(decision, [row.name]), index ? "" : "btn-primary-light")
		);
		this.add_action(area, __("Link to …"), () => this.ask_counterpart(row));
	}

	add_action(area, label, action, style) {
		$('<button type="button" class="btn btn-xs"></button>')
			.addClass(style || "btn-default")
			.text(label)
			.on("click", action)
			.appendTo(area);
	}

	list_decisions(row) {
		const theirs = row.side === "QuickBooks";
		return [
			theirs && row.record && "Link",
			theirs && this.list.may_take && "Import",
			!theirs && this.list.may_send && "Create",
			"Leave Alone",
		].filter(Boolean);
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
			this.add_action(area, __("Decide the Rest …"), () => this.ask_rest(), "btn-default");
		}
		this.add_action(area, __("Confirm …"), () => this.ask_confirmation(), total.open ? "btn-default" : "btn-primary");
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

	ask_counterpart(row) {
		const theirs = row.side === "QuickBooks";
		const dialog = new frappe.ui.Dialog({
			title: theirs ? __("Link “{0}” to a Record Here", [row.title]) : __("Link “{0}” to a Record of QuickBooks", [row.title]),
			fields: [
				{ fieldname: "search", fieldtype: "Data", label: __("Name, e-mail or SKU") },
				{ fieldname: "found", fieldtype: "HTML" },
			],
		});
		const area = dialog.get_field("found").$wrapper;
		const find = async () => {
			const search = dialog.get_field("search").$input.val();
			const found = await frappe.xcall(`${this.API}.find_counterparts`, { name: row.name, search });
			area.empty();
			if (!found.length) area.append($('<p class="text-muted"></p>').text(__("Nothing found.")));
			found.forEach((one) => {
				const more = [one.email, one.sku, one.twin && __("so far with “{0}”", [one.twin])].filter(Boolean);
				$('<button type="button" class="btn btn-default btn-sm btn-block text-left"></button>')
					.text([one.title, ...more].join(" · "))
					.on("click", () => {
						dialog.hide();
						if (theirs) this.link(row.name, one.record);
						else this.link(one.name, row.record);
					})
					.appendTo(area);
			});
		};
		dialog.get_field("search").$input.on("input", frappe.utils.debounce(find, 300));
		dialog.show();
		find();
	}

	ask_rest() {
		const options = (decisions) => [{ value: "", label: __("Leave open") }].concat(
			decisions.map((value) => ({ value, label: this.LABELS[value] }))
		);
		const { total } = this.owner.state.summary;
		const dialog = new frappe.ui.Dialog({
			title: __("Decide the Rest"),
			fields: [
				{ fieldtype: "Select", fieldname: "proposed", label: __("Proposed pairs ({0})", [total.proposed]), options: options(["Link", "Leave Alone"]), default: "Link" },
				{ fieldtype: "Select", fieldname: "theirs", label: __("Only in QuickBooks ({0})", [total.only_theirs]), options: options(["Import", "Leave Alone"]), default: "Import" },
				{ fieldtype: "Select", fieldname: "ours", label: __("Only here ({0})", [total.only_ours]), options: options(["Create", "Leave Alone"]), default: "Leave Alone" },
				{ fieldtype: "HTML", fieldname: "note", options: `<p class="text-muted">${__("In all lists. {0} with several candidates stay open: look at them one by one.", [total.several_candidates])}</p>` },
			],
			primary_action_label: __("Decide"),
			primary_action: async (choices) => {
				dialog.hide();
				this.owner.show((await frappe.xcall(`${this.API}.decide_rest`, { choices })).state);
			},
		});
		dialog.show();
	}

	ask_confirmation() {
		const { lists, total } = this.owner.state.summary;
		const columns = ["linked", "imported", "created", "left_alone"];
		const body = this.lists
			.map(
				(list) =>
					`<tr><td>${frappe.utils.escape_html(__(list.label))}</td>${columns
						.map((key) => `<td class="text-right">${(lists[list.list_type] || {})[key] || 0}</td>`)
						.join("")}</tr>`
			)
			.join("");
		const heads = [__("Linked"), __("Imported"), __("Created in QuickBooks"), __("Left alone")];
		const note = total.created
			? __("Made in QuickBooks: {0}. Up to now nothing has been written there.", [total.created])
			: __("Nothing is made in QuickBooks.");
		const dialog = new frappe.ui.Dialog({
			title: __("Carry This Out?"),
			fields: [{ fieldtype: "HTML", fieldname: "summary" }],
			primary_action_label: __("Carry Out"),
			primary_action: () => {
				dialog.hide();
				this.owner.call("confirm");
			},
			secondary_action_label: __("Not Yet"),
			secondary_action: () => dialog.hide(),
		});
		dialog.get_field("summary").$wrapper.html(`<p><b class="match-summary">${this.owner.state.summary.sentence}.</b></p>
			<table class="table table-bordered"><thead><tr><th></th>${heads.map((text) => `<th class="text-right">${text}</th>`).join("")}</tr></thead>
			<tbody>${body}</tbody></table>
			<p>${note} ${__("Where a linked pair differs in a field that both sides filled in, it becomes a conflict for you to decide; nothing is overwritten. Quantities and values of stock stay as they are.")}</p>`);
		dialog.show();
	}
};
