// One row of a matching: the two records, what tells that they are one, and what may be decided about them. `rows` is the
// MatchRows that it belongs to.
frappe.provide("allorders_qb");

allorders_qb.match_row = {
	make(rows, row) {
		const line = $('<tr><td></td><td class="match-theirs"></td><td class="match-ours"></td><td></td><td></td></tr>').attr(
			"data-title",
			row.title
		);
		const cells = line.find("td");
		$('<input type="checkbox" class="match-pick">')
			.prop("disabled", Boolean(row.done))
			.on("change", (event) => {
				rows.selected[event.target.checked ? "add" : "delete"](row.name);
				rows.draw_bulk();
			})
			.appendTo(cells.eq(0));
		if (row.side === "QuickBooks") {
			this.draw_theirs(cells.eq(1), row);
			this.draw_ours(rows, cells.eq(2), row);
		} else {
			$('<span class="text-muted">–</span>').appendTo(cells.eq(1));
			this.draw_record(cells.eq(2), row.title, row);
		}
		const sign = row.side === "QuickBooks" && (row.record || row.candidates.length) && row.proposed_by;
		cells.eq(3).text(sign ? __(sign) : "–");
		this.draw_decision(rows, cells.eq(4), row);
		return line;
	},

	draw_theirs(cell, row) {
		this.draw_record(cell, row.path && row.path.includes(":") ? row.path : row.title, row);
		if (row.tracked) {
			$('<span class="indicator-pill orange no-indicator-dot" style="height: auto; white-space: normal"></span>')
				.text(__("Counted by QuickBooks"))
				.attr("title", __("QuickBooks counts its quantity and value; neither is taken over."))
				.appendTo(cell);
		}
	},

	draw_ours(rows, cell, row) {
		if (row.record) this.draw_record(cell, row.record, row.ours || {});
		else if (row.candidates.length && !row.decision) {
			$("<div></div>").text(__("One of {0}:", [row.candidates.length])).appendTo(cell);
			row.candidates.forEach((one) =>
				$('<button type="button" class="btn btn-default btn-xs" style="margin: 2px 4px 2px 0"></button>')
					.text([one.record, one.email || one.sku].filter(Boolean).join(" · "))
					.on("click", () => rows.link(row.name, one.record))
					.appendTo(cell)
			);
		} else $('<span class="text-muted">–</span>').appendTo(cell);
	},

	draw_record(cell, name, record) {
		$("<div></div>").text(name).appendTo(cell);
		const more = [record.email, record.sku && __("SKU {0}", [record.sku]), record.inactive && __("inactive")];
		$('<div class="match-sub"></div>').text(more.filter(Boolean).join(" · ")).appendTo(cell);
	},

	draw_decision(rows, cell, row) {
		const area = $('<div class="match-actions"></div>').appendTo(cell);
		if (row.done || row.decision) {
			const text = row.done ? __("Linked already") : rows.LABELS[row.decision];
			$('<span class="indicator-pill" style="height: auto"></span>')
				.addClass(row.done ? "green" : rows.COLOURS[row.decision])
				.text(text)
				.appendTo(area);
			if (!row.done) rows.add_action(area, __("Undo"), () => rows.decide("", [row.name]), "btn-link");
			return;
		}
		this.list_decisions(rows, row).forEach((decision, index) =>
			rows.add_action(area, rows.LABELS[decision], () => rows.decide(decision, [row.name]), index ? "" : "btn-primary-light")
		);
		rows.add_action(area, __("Link to …"), () => allorders_qb.match_dialogs.ask_counterpart(rows, row));
	},

	list_decisions(rows, row) {
		const theirs = row.side === "QuickBooks";
		return [
			theirs && row.record && "Link",
			theirs && rows.list.may_take && "Import",
			!theirs && rows.list.may_send && "Create",
			"Leave Alone",
		].filter(Boolean);
	},
};
