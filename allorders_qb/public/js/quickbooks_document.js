// The QuickBooks side of a form: one sentence on why it is, or is not, in QuickBooks, its links, and its buttons.
// Loaded with every document and list record that QuickBooks knows (see hooks.py).
frappe.provide("allorders_qb");

Object.assign(allorders_qb, {
	// While something moves the form asks again: soon at first, then more and more seldom.
	FIRST_POLL: 1500,
	LAST_POLL: 20000,
	POLL_GROWTH: 1.2,
	MOVING: ["Queued", "Sending", "Outcome Unknown"],

	COLOURS: {
		Sent: "green",
		Queued: "blue",
		Sending: "blue",
		"Outcome Unknown": "orange",
		"Sent – Differs": "orange",
		"Needs Attention": "red",
	},

	DOCUMENT_FIELDS: [
		"quickbooks_status",
		"quickbooks_reason",
		"quickbooks_id",
		"quickbooks_doc_number",
		"quickbooks_tax",
		"quickbooks_total",
		"never_send",
		"never_send_reason",
	],

	setup_form(frm) {
		clearTimeout(frm.quickbooks_timer);
		allorders_qb.get_panel(frm).addClass("hidden");
		if (!frm.is_new()) allorders_qb.refresh_state(frm);
	},

	async refresh_state(frm, wait = allorders_qb.FIRST_POLL) {
		clearTimeout(frm.quickbooks_timer);
		const { doctype, docname } = frm;
		const state = await frappe.xcall("allorders_qb.api.documents.get_quickbooks_state", {
			doctype,
			name: docname,
		});
		if (frm.docname !== docname) return;
		await allorders_qb.update_fields(frm, state);
		allorders_qb.show_panel(frm, state);
		allorders_qb.show_buttons(frm, state);
		if (!allorders_qb.MOVING.includes(state.status)) return;
		frm.quickbooks_timer = setTimeout(() => {
			if (allorders_qb.is_on_screen(frm, docname)) {
				allorders_qb.refresh_state(
					frm,
					Math.min(wait * allorders_qb.POLL_GROWTH, allorders_qb.LAST_POLL)
				);
			}
		}, wait);
	},

	is_on_screen(frm, docname) {
		const [view, doctype, name] = frappe.get_route();
		return view === "Form" && doctype === frm.doctype && name === docname && !document.hidden;
	},

	// The status is written behind the form's back, by design: take it over without asking for a reload.
	async update_fields(frm, state) {
		if (!state.posts || frm.is_dirty() || frm.doc.quickbooks_status === state.status) return;
		const answer = await frappe.db.get_value(frm.doctype, frm.docname, allorders_qb.DOCUMENT_FIELDS);
		if (frm.is_dirty() || answer.message.quickbooks_status !== state.status) return;
		Object.assign(frm.doc, answer.message);
		allorders_qb.DOCUMENT_FIELDS.forEach((fieldname) => frm.refresh_field(fieldname));
	},

	get_panel(frm) {
		if (!frm.quickbooks_panel) {
			frm.quickbooks_panel = $(
				`<div class="form-message quickbooks-why">
					<div class="d-flex align-items-baseline flex-wrap" style="gap: 4px 12px">
						<b>QuickBooks</b>
						<span class="quickbooks-status font-weight-bold"></span>
						<span class="quickbooks-sentence" style="flex: 1 1 320px"></span>
						<span class="quickbooks-links"></span>
					</div>
					<div class="quickbooks-steps d-flex flex-wrap" style="gap: 8px; padding-top: 10px"></div>
				</div>`
			).insertBefore(frm.layout.page);
		}
		return frm.quickbooks_panel;
	},

	show_panel(frm, state) {
		const panel = allorders_qb.get_panel(frm);
		const colour = allorders_qb.COLOURS[state.status];
		panel
			.removeClass("hidden blue green orange red")
			.addClass(colour || "")
			.css({ background: colour ? "" : "var(--control-bg)", color: colour ? "" : "var(--text-color)" })
			.attr("data-status", state.status);
		panel
			.find(".quickbooks-status")
			.text(state.status ? __(state.status) : "")
			.toggle(Boolean(state.status));
		panel.find(".quickbooks-sentence").text(state.sentence);
		allorders_qb.show_links(panel.find(".quickbooks-links"), state.links);
		allorders_qb.show_steps(frm, panel.find(".quickbooks-steps"), state);
	},

	show_links(area, links) {
		area.empty();
		links
			.filter((link) => link.url)
			.forEach((link) => {
				const text =
					links.length > 1
						? __("Open {0} {1} in QuickBooks", [link.label, link.number])
						: __("Open in QuickBooks");
				$('<a class="quickbooks-link font-weight-bold mr-3" target="_blank" rel="noopener"></a>')
					.attr("href", link.url)
					.text(`${text} ↗`)
					// The desk's router would take an address like …/app/invoice for one of its own.
					.on("click", (event) => event.stopPropagation())
					.appendTo(area);
			});
	},

	// What a person can do now, right below the sentence that asks for it.
	show_steps(frm, area, state) {
		area.empty();
		if (state.may_post && state.queue_entry && state.status === "Needs Attention") {
			allorders_qb.add_decisions(frm, state, (label, action) =>
				$('<button type="button" class="btn btn-default btn-xs"></button>')
					.text(label)
					.on("click", action)
					.appendTo(area)
			);
			if (state.candidate_url && !state.candidate_id) {
				$("<span></span>")
					.text(__("A QuickBooks Manager decides whether to link it or to send it all the same."))
					.appendTo(area);
			}
		}
		if (state.may_release) {
			$('<button type="button" class="btn btn-primary btn-xs"></button>')
				.text(__("Release"))
				.on("click", () => allorders_qb.release(frm))
				.appendTo(area);
		}
		if (state.conflicts) {
			$('<a class="quickbooks-conflicts font-weight-bold" href="#"></a>')
				.text(
					state.conflicts === 1
						? __("1 difference from QuickBooks to decide")
						: __("{0} differences from QuickBooks to decide", [state.conflicts])
				)
				.on("click", (event) => {
					event.preventDefault();
					frappe.set_route("List", "QuickBooks Conflict", {
						list_type: frm.doctype,
						record: frm.docname,
						status: "Open",
					});
				})
				.appendTo(area);
		}
		const steps = area.children().length;
		area.toggleClass("hidden", !steps).toggleClass("d-flex", Boolean(steps));
	},

	add_decisions(frm, state, add) {
		const decide = (method, args = {}) =>
			allorders_qb.act(frm, `allorders_qb.api.queue.${method}`, {
				queue_entry: state.queue_entry,
				...args,
			});
		if (state.candidate_url) {
			add(__("Look at It in QuickBooks"), () => window.open(state.candidate_url, "_blank", "noopener"));
		}
		// Only for who may decide: a QuickBooks Manager.
		if (state.candidate_id) {
			add(__("Link to It"), () => allorders_qb.ask_link(frm, state, decide));
			if (state.posts) {
				add(__("Send All the Same"), () => allorders_qb.ask_send_all_the_same(frm, state, decide));
			}
		}
		if (state.may_move) {
			add(__("Move It"), () => allorders_qb.ask_move(frm, decide));
			add(__("Leave It"), () => allorders_qb.ask_leave(frm, decide));
		}
		add(__("Try Again"), () => decide("retry"));
	},

	ask_link(frm, state, decide) {
		frappe.confirm(
			__(
				"Is it the same as {0}? Then {0} is linked to the {1} that QuickBooks has, and nothing is sent. This can't be undone here.",
				[allorders_qb.bold(frm.docname), state.entity]
			),
			() => decide("link_existing", { quickbooks_id: state.candidate_id })
		);
	},

	ask_move(frm, decide) {
		frappe.confirm(
			__(
				"Take {0} off the invoices that QuickBooks has applied it to by itself, as far as it is needed for the invoice that it is for?",
				[allorders_qb.bold(frm.docname)]
			),
			() => decide("move_payment")
		);
	},

	ask_leave(frm, decide) {
		frappe.confirm(
			__("Leave {0} in QuickBooks where it is? Nothing more of it goes to that invoice from here.", [
				allorders_qb.bold(frm.docname),
			]),
			() => decide("leave_payment")
		);
	},

	ask_send_all_the_same(frm, state, decide) {
		frappe.confirm(
			__("Send {0} although QuickBooks has one like it? It will then have two of them.", [
				allorders_qb.bold(frm.docname),
			]),
			() => decide("send_all_the_same")
		);
	},

	bold(name) {
		return `<b>${frappe.utils.escape_html(name)}</b>`;
	},

	show_buttons(frm, state) {
		const group = __("QuickBooks");
		(frm.quickbooks_buttons || []).forEach(([label, in_group]) =>
			frm.remove_custom_button(label, in_group)
		);
		frm.quickbooks_buttons = [];
		if (!state.may_post || frm.doc.docstatus === 2) return;
		const add = (label, action, in_group) => {
			frm.quickbooks_buttons.push([label, in_group]);
			return frm.add_custom_button(label, action, in_group);
		};
		if (!state.posts || frm.doc.docstatus === 1) {
			add(__("Sync This"), () => allorders_qb.sync_this(frm), group);
		}
		if (!state.posts) return;
		const submitted = frm.doc.docstatus === 1;
		const waiting = ["Not Sent", "Queued", "Needs Attention"].includes(state.status);
		if (state.awaits_release || !state.records) {
			// Its button would be refused: until somebody else has released it, or because there is nothing to record.
		} else if (submitted ? waiting : state.submits_draft && !frm.is_dirty()) {
			const button = add(__(state.button), () => allorders_qb.record(frm, state));
			if (state.status === "Not Sent") button.addClass("btn-primary").removeClass("btn-default");
		}
		if (submitted && waiting && !state.locked) {
			add(__("Never Send"), () => allorders_qb.ask_never_send(frm), group);
		}
		if (submitted && state.status === "Never Send") {
			add(__("Allow Sending"), () => allorders_qb.allow_sending(frm), group);
		}
	},

	record(frm, state) {
		const send = () =>
			allorders_qb.act(frm, "allorders_qb.api.documents.record", {
				doctype: frm.doctype,
				name: frm.docname,
			});
		if (frm.doc.docstatus === 1) return send();
		frappe.confirm(
			__("{0} is a draft. Has it shipped? Then it is submitted now, and {1} goes to QuickBooks.", [
				allorders_qb.bold(frm.docname),
				__("its {0}", [__(state.button)]),
			]),
			send
		);
	},

	sync_this(frm) {
		frappe.require("/assets/allorders_qb/js/quickbooks_sync.js", () =>
			allorders_qb.sync.sync_records(frm.doctype, [frm.docname], () => frm.reload_doc())
		);
	},

	async release(frm) {
		const { message: results } = await frappe.call({
			method: "allorders_qb.api.send_all.release_documents",
			args: { doctype: frm.doctype, names: [frm.docname] },
			freeze: true,
		});
		frappe.show_alert(
			{
				message: frappe.utils.escape_html(results[0].message),
				indicator: results[0].ok ? "green" : "orange",
			},
			7
		);
		await frm.reload_doc();
	},

	ask_never_send(frm) {
		frappe.prompt(
			[
				{
					fieldname: "reason",
					fieldtype: "Small Text",
					label: __("Why does {0} never go to QuickBooks?", [frm.docname]),
					description: __(
						"Everybody who opens it reads this. It can be taken back with Allow Sending."
					),
					reqd: 1,
				},
			],
			({ reason }) =>
				allorders_qb.act(frm, "allorders_qb.api.documents.never_send", {
					doctype: frm.doctype,
					name: frm.docname,
					reason,
				}),
			__("Never Send"),
			__("Never Send")
		);
	},

	allow_sending(frm) {
		allorders_qb.act(frm, "allorders_qb.api.documents.allow_sending", {
			doctype: frm.doctype,
			name: frm.docname,
		});
	},

	async act(frm, method, args) {
		const { message: answer } = await frappe.call({ method, args, freeze: true });
		const message = typeof answer === "string" ? answer : answer && answer.message;
		if (message) {
			frappe.show_alert(
				{
					message: frappe.utils.escape_html(message),
					indicator: answer.ok === false ? "orange" : "green",
				},
				7
			);
		}
		await frm.reload_doc();
	},

	bind_form(doctype) {
		if (allorders_qb[`bound ${doctype}`]) return;
		allorders_qb[`bound ${doctype}`] = true;
		frappe.ui.form.on(doctype, { refresh: (frm) => allorders_qb.setup_form(frm) });
	},
});

[
	"AO Ship Doc",
	"AO Customer Return",
	"AO Payment",
	"AO Work Order",
	"AO Quantity Adjustment",
	"AO Value Adjustment",
	"AO Cost True-Up",
	"AO Receiver",
	"AO Vendor Bill",
	"AO Vendor Return",
	"AO Customer",
	"AO Vendor",
	"AO Item",
].forEach(allorders_qb.bind_form);

// Where the site has a realtime server, the form does not wait for its next question.
if (!allorders_qb.listens) {
	allorders_qb.listens = true;
	frappe.realtime.on("quickbooks_status", ({ doctype, name }) => {
		if (cur_frm && cur_frm.doctype === doctype && cur_frm.docname === name && !cur_frm.is_new()) {
			allorders_qb.refresh_state(cur_frm);
		}
	});
}
