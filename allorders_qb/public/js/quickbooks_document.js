// The QuickBooks side of a form: one sentence on why it is, or is not, in QuickBooks, its links, and its buttons.
// Loaded with every document and list record that QuickBooks knows (see hooks.py).
frappe.provide("allorders_qb");

Object.assign(allorders_qb, {
	POLL_MILLISECONDS: 1500,
	POLLS: 40,
	MOVING: ["Queued", "Sending"],
	COLOURS: {
		Sent: "green",
		"Not Needed": "gray",
		"Never Send": "gray",
		"Not Sent": "gray",
		Queued: "blue",
		Sending: "blue",
		"Outcome Unknown": "orange",
		"Sent – Differs": "orange",
		"Needs Attention": "red",
	},

	setup_form(frm) {
		frm.trigger_quickbooks_refresh = () => allorders_qb.refresh_state(frm);
		if (frm.is_new()) return;
		allorders_qb.refresh_state(frm);
	},

	async refresh_state(frm, polls_left = allorders_qb.POLLS) {
		const { doctype, docname } = frm;
		const state = await frappe.xcall("allorders_qb.api.documents.get_quickbooks_state", {
			doctype,
			name: docname,
		});
		if (frm.doctype !== doctype || frm.docname !== docname) return;
		allorders_qb.show_state(frm, state);
		if (allorders_qb.MOVING.includes(state.status) && polls_left > 0) {
			clearTimeout(frm.quickbooks_timer);
			frm.quickbooks_timer = setTimeout(() => {
				if (cur_page_is(frm)) allorders_qb.refresh_state(frm, polls_left - 1);
			}, allorders_qb.POLL_MILLISECONDS);
		}
	},

	show_state(frm, state) {
		if (state.posts && frm.doc.quickbooks_status !== state.status && !frm.is_dirty()) {
			// Written behind the form's back, by design: bring the fields up to date without a reload prompt.
			Object.assign(frm.doc, { quickbooks_status: state.status, quickbooks_reason: state.sentence });
			frm.refresh_field("quickbooks_status");
			frm.refresh_field("quickbooks_reason");
		}
		allorders_qb.show_sentence(frm, state);
		allorders_qb.show_buttons(frm, state);
	},

	show_sentence(frm, state) {
		const colour = allorders_qb.COLOURS[state.status] || "gray";
		const links = state.links
			.map((link) => {
				const text = `${frappe.utils.escape_html(__(link.entity))} ${frappe.utils.escape_html(link.number)}`;
				return link.url
					? `<a class="quickbooks-link" href="${encodeURI(link.url)}" target="_blank" rel="noopener">${__(
							"Open {0} in QuickBooks",
							[text]
					  )}</a>`
					: text;
			})
			.join(" · ");
		const label = state.status ? __(state.status) : __("Not in QuickBooks");
		frm.dashboard.clear_headline();
		frm.dashboard.set_headline(
			`<div class="quickbooks-why" data-status="${frappe.utils.escape_html(state.status)}">
				<span class="indicator-pill ${colour}">QuickBooks: ${label}</span>
				<span class="quickbooks-sentence">${frappe.utils.escape_html(state.sentence)}</span>
				${links}
			</div>`
		);
	},

	show_buttons(frm, state) {
		const group = __("QuickBooks");
		(frm.quickbooks_buttons || []).forEach(([label, in_group]) => frm.remove_custom_button(label, in_group));
		frm.quickbooks_buttons = [];
		const add = (label, action, in_group = group) => {
			frm.quickbooks_buttons.push([label, in_group]);
			return frm.add_custom_button(label, action, in_group);
		};
		if (!state.may_post) return;
		if (state.posts && frm.doc.docstatus < 2) allorders_qb.add_document_buttons(frm, state, add);
		if (state.status === "Needs Attention") allorders_qb.add_decision_buttons(frm, state, add);
	},

	add_document_buttons(frm, state, add) {
		const submitted = frm.doc.docstatus === 1;
		const waiting = ["Not Sent", "Queued", "Needs Attention"].includes(state.status);
		if (submitted ? waiting : state.submits_draft && !frm.is_dirty()) {
			const button = add(__(state.button), () => allorders_qb.record(frm, state), null);
			if (submitted && state.status === "Not Sent") button.addClass("btn-primary").removeClass("btn-default");
		}
		if (submitted && waiting && !state.locked) {
			add(__("Never Send"), () => allorders_qb.ask_never_send(frm));
		}
		if (submitted && state.status === "Never Send") {
			add(__("Allow Sending"), () =>
				allorders_qb.act(frm, "allorders_qb.api.documents.allow_sending", {
					doctype: frm.doctype,
					name: frm.docname,
				})
			);
		}
	},

	add_decision_buttons(frm, state, add) {
		if (!state.queue_entry) return;
		const decide = (method, args = {}) =>
			allorders_qb.act(frm, `allorders_qb.api.queue.${method}`, {
				queue_entry: state.queue_entry,
				...args,
			});
		add(__("Try Again"), () => decide("retry"));
		if (state.candidate_url) {
			add(__("Look at It in QuickBooks"), () => window.open(state.candidate_url, "_blank", "noopener"));
		}
		if (state.candidate_id) {
			add(__("Link to It"), () =>
				frappe.confirm(
					__("Is {0} {1} in QuickBooks the same as {2}? Nothing will be sent; this can't be undone here.", [
						__(state.entity),
						state.candidate_id,
						frm.docname,
					]),
					() => decide("link_existing", { quickbooks_id: state.candidate_id })
				)
			);
			if (state.posts) {
				add(__("Send All the Same"), () =>
					frappe.confirm(
						__("Send {0} although QuickBooks has {1} {2}? There will be two.", [
							frm.docname,
							__(state.entity),
							state.candidate_id,
						]),
						() => decide("send_all_the_same")
					)
				);
			}
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
			__("{0} is a draft. Submit it (it has shipped) and send it to QuickBooks?", [frm.docname]),
			send
		);
	},

	ask_never_send(frm) {
		frappe.prompt(
			[
				{
					fieldname: "reason",
					fieldtype: "Small Text",
					label: __("Why does {0} never go to QuickBooks?", [frm.docname]),
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

	async act(frm, method, args) {
		const answer = await frappe.xcall(method, args);
		const message = typeof answer === "string" ? answer : answer && answer.message;
		if (message) {
			frappe.show_alert({ message, indicator: answer.ok === false ? "orange" : "green" }, 7);
		}
		await frm.reload_doc();
	},
});

function cur_page_is(frm) {
	return frappe.get_route()[0] === "Form" && frappe.get_route()[2] === frm.docname && !document.hidden;
}

["AO Ship Doc", "AO Customer", "AO Item"].forEach((doctype) => {
	if (allorders_qb[`bound ${doctype}`]) return;
	allorders_qb[`bound ${doctype}`] = true;
	frappe.ui.form.on(doctype, {
		refresh: (frm) => allorders_qb.setup_form(frm),
		on_submit: (frm) => allorders_qb.setup_form(frm),
	});
});
