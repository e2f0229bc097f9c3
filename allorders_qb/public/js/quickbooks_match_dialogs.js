// What a person is asked while lists are matched: whom a record is linked to, what becomes of the rest, and whether all of it is
// carried out. `rows` is the MatchRows that asks.
frappe.provide("allorders_qb");

allorders_qb.match_dialogs = {
	ask_counterpart(rows, row) {
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
			const found = await frappe.xcall(`${rows.API}.find_counterparts`, { name: row.name, search });
			area.empty();
			if (!found.length) area.append($('<p class="text-muted"></p>').text(__("Nothing found.")));
			found.forEach((one) => {
				const more = [one.email, one.sku, one.twin && __("so far with “{0}”", [one.twin])].filter(Boolean);
				$('<button type="button" class="btn btn-default btn-sm btn-block text-left"></button>')
					.text([one.title, ...more].join(" · "))
					.on("click", () => {
						dialog.hide();
						if (theirs) rows.link(row.name, one.record);
						else rows.link(one.name, row.record);
					})
					.appendTo(area);
			});
		};
		dialog.get_field("search").$input.on("input", frappe.utils.debounce(find, 300));
		dialog.show();
		find();
	},

	ask_rest(rows) {
		const options = (decisions) => [{ value: "", label: __("Leave open") }].concat(
			decisions.map((value) => ({ value, label: rows.LABELS[value] }))
		);
		const { total } = rows.owner.state.summary;
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
				rows.owner.show((await frappe.xcall(`${rows.API}.decide_rest`, { choices })).state);
			},
		});
		dialog.show();
	},

	ask_confirmation(rows) {
		const { lists, total } = rows.owner.state.summary;
		const columns = ["linked", "imported", "created", "left_alone"];
		const body = rows.lists
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
				rows.owner.call("confirm");
			},
			secondary_action_label: __("Not Yet"),
			secondary_action: () => dialog.hide(),
		});
		dialog.get_field("summary").$wrapper.html(`<p><b class="match-summary">${rows.owner.state.summary.sentence}.</b></p>
			<table class="table table-bordered"><thead><tr><th></th>${heads.map((text) => `<th class="text-right">${text}</th>`).join("")}</tr></thead>
			<tbody>${body}</tbody></table>
			<p>${note} ${__("Where a linked pair differs in a field that both sides filled in, it becomes a conflict for you to decide; nothing is overwritten. Quantities and values of stock stay as they are.")}</p>`);
		dialog.show();
	},
};
