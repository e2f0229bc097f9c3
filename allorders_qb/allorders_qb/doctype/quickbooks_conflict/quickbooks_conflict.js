frappe.ui.form.on("QuickBooks Conflict", {
	async refresh(frm) {
		frm.disable_save();
		frm.clear_custom_buttons();
		if (frm.doc.record) {
			frm.add_custom_button(__("Open {0}", [__(frm.doc.list_type)]), () =>
				frappe.set_route("Form", frm.doc.list_type, frm.doc.record)
			);
		}
		if (frm.doc.status !== "Open") return;
		const name = frm.docname;
		const { answers, may_answer } = await frappe.xcall("allorders_qb.api.conflicts.get_answers", {
			kind: frm.doc.kind,
		});
		if (frm.docname !== name) return;
		if (!may_answer) {
			frm.set_intro(__("A QuickBooks Manager decides this."), "orange");
			return;
		}
		frm.set_intro(frm.events.explain(frm), "orange");
		answers.forEach((answer) =>
			frm.add_custom_button(__(answer), () => frm.events.ask(frm, answer)).addClass("btn-primary-light")
		);
	},

	explain(frm) {
		return frm.doc.fieldname
			? __(
					"Both sides have changed it. Nothing is sent or taken over for this field until you decide which value both are to have."
			  )
			: __("Read what happened, then answer.");
	},

	ask(frm, answer) {
		const decide = async (another_value) => {
			const message = await frappe.xcall("allorders_qb.api.conflicts.resolve", {
				name: frm.docname,
				answer,
				another_value,
			});
			frappe.show_alert({ message: frappe.utils.escape_html(message), indicator: "green" });
			frm.reload_doc();
		};
		if (answer !== "Another Value") {
			frappe.confirm(frm.events.describe(frm, answer), () => decide());
			return;
		}
		frappe.prompt(
			{
				fieldname: "value",
				fieldtype: "Small Text",
				label: __(frm.doc.field_label),
				reqd: 1,
				default: frm.doc.ours_shown,
			},
			({ value }) => decide(value),
			__("Both Sides Are to Have"),
			__("Apply to Both")
		);
	},

	describe(frm, answer) {
		const bold = (text) => `<b>${frappe.utils.escape_html(text || __("(empty)"))}</b>`;
		if (answer === "Keep Ours") {
			return __("Send {0} to QuickBooks in place of {1}?", [bold(frm.doc.ours_shown), bold(frm.doc.theirs_shown)]);
		}
		if (answer === "Take QuickBooks'") {
			return __("Take over {0} here in place of {1}?", [bold(frm.doc.theirs_shown), bold(frm.doc.ours_shown)]);
		}
		if (answer === "Link to It") {
			return __("{0} goes on with the new record of QuickBooks, and lets the inactive one go. Continue?", [
				bold(frm.doc.record),
			]);
		}
		if (answer === "Keep Apart") {
			return __("The new record of QuickBooks becomes a record of its own here. Continue?");
		}
		return __("Mark it as seen?");
	},
});
