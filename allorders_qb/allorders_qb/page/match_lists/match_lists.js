// Match Lists: the course of a matching, from reading both sides to the end of what was confirmed. The rows to decide on are
// drawn by quickbooks_match_rows.js.
frappe.pages["match-lists"].on_page_load = (wrapper) => {
	const page = frappe.ui.make_app_page({ parent: wrapper, title: __("Match Lists"), single_column: true });
	const files = ["quickbooks_match_row.js", "quickbooks_match_dialogs.js", "quickbooks_match_rows.js"];
	frappe.require(files.map((file) => `/assets/allorders_qb/js/${file}`), () => {
		wrapper.match_lists = new MatchLists(page);
		wrapper.match_lists.refresh();
	});
};

frappe.pages["match-lists"].on_page_show = (wrapper) => {
	if (wrapper.match_lists) wrapper.match_lists.refresh();
};

const API = "allorders_qb.api.matching";
const POLL = 1000;

class MatchLists {
	constructor(page) {
		this.page = page;
		this.area = $('<div class="match-lists"></div>').appendTo(page.main);
		this.rows = new allorders_qb.MatchRows(this);
	}

	async call(method, values) {
		this.show(await frappe.xcall(`${API}.${method}`, values));
	}

	async refresh() {
		this.show(await frappe.xcall(`${API}.get_state`));
	}

	show(state) {
		clearTimeout(this.timer);
		this.state = state;
		this.page.clear_actions();
		this.page.clear_menu();
		const phase = this.get_phase();
		if (phase !== "deciding") this.rows.leave();
		if (phase !== "deciding" || !this.rows.is_shown()) this.area.empty();
		this[`show_${phase}`]();
		if (phase === "working") this.timer = setTimeout(() => this.poll(), POLL);
	}

	poll() {
		// Another page of the desk is looked at meanwhile: this one goes on when it is shown again.
		if (this.area.is(":visible")) this.refresh();
	}

	get_phase() {
		const { status, run, company } = this.state;
		if (!company) return "nothing";
		if (status === "Deciding") return "deciding";
		if (status === "Reading" || status === "Importing") {
			return run && (run.is_open || run.continue_at) ? "working" : "stopped";
		}
		return status === "Finished" ? "finished" : "start";
	}

	make_card(title, sentences) {
		const card = $('<div class="match-card"></div>').appendTo(this.area);
		$("<h4></h4>").text(title).appendTo(card);
		sentences.filter(Boolean).forEach((text) => $("<p></p>").text(text).appendTo(card));
		return card;
	}

	add_button(card, label, action, primary) {
		$('<button type="button" class="btn btn-sm" style="margin-right: 8px"></button>')
			.addClass(primary ? "btn-primary" : "btn-default")
			.text(label)
			.on("click", action)
			.appendTo(card);
	}

	show_nothing() {
		const card = this.make_card(__("No QuickBooks company is connected yet."), [
			__("Connect one first. If both sides have customers, vendors or items, you decide here which are the same."),
		]);
		this.add_button(card, __("Open QuickBooks Settings"), () => frappe.set_route("Form", "QuickBooks Settings"), true);
	}

	show_start() {
		const required = this.state.status === "Required";
		const card = this.make_card(__("Which records of {0} are yours?", [this.state.company]), [
			required
				? __("Both sides have customers, vendors or items. Until you have said which are the same, none of them is sent or brought in; everything else works.")
				: __("Nothing has to be matched: the lists are kept alike already. You can look through both sides all the same."),
			__("First both sides are read and pairs are proposed, by an earlier link, name, e-mail and SKU. Then you decide, row by row or many at once. Nothing is written to QuickBooks, and nothing is made here, before you confirm; quantities and values of stock are never touched."),
			this.state.not_ready,
		]);
		if (!this.state.not_ready) this.add_button(card, __("Read Both Sides"), () => this.call("start_reading"), true);
	}

	show_working() {
		const { run, status } = this.state;
		const percent = Math.round(run.percent || 0);
		const card = this.make_card(
			status === "Reading" ? __("Both sides are being read") : __("What you confirmed is being carried out"),
			[]
		);
		card.append(`<div class="progress" style="height: 8px" role="progressbar" aria-valuenow="${percent}"
			aria-valuemin="0" aria-valuemax="100"><div class="progress-bar" style="width: ${percent}%"></div></div>`);
		const text = run.continue_at
			? __("{0} It goes on by itself.", [run.summary || ""])
			: run.progress_text || __("It begins in a moment.");
		$('<p class="match-progress text-muted" style="margin-top: 8px"></p>').text(`${percent} % · ${text}`).appendTo(card);
		$("<p></p>")
			.text(__("You can leave this page: it goes on by itself, and you or somebody else can come back at any time."))
			.appendTo(card);
		if (run.is_open) {
			this.add_button(card, __("Stop"), async () => {
				const message = await frappe.xcall("allorders_qb.api.runs.stop", { run: run.name });
				frappe.show_alert({ message: frappe.utils.escape_html(message), indicator: "orange" });
				this.refresh();
			});
		}
	}

	show_stopped() {
		const { run, status } = this.state;
		const card = this.make_card(
			status === "Reading" ? __("The reading was not finished") : __("What you confirmed is not done yet"),
			[
				(run && run.summary) || "",
				status === "Reading"
					? __("Nothing has been changed on either side.")
					: __("What was done stays done; going on does the rest, and nothing twice."),
			]
		);
		this.add_button(card, __("Go On"), () => this.call("go_on"), true);
	}

	show_finished() {
		const { run, matched_at, confirmed_by } = this.state;
		const card = this.make_card(__("The lists are matched"), [
			confirmed_by
				? __("Confirmed by {0}, done on {1}.", [confirmed_by, frappe.datetime.str_to_user(matched_at)])
				: "",
			(run && run.kind === "Matching: Carrying Out" && run.summary) || "",
			__("From now on both sides are kept alike at each synchronization. What you left alone stays as it is; match again to decide otherwise."),
		]);
		const conflicts = ((run && run.counts) || []).reduce((sum, row) => sum + (row.conflicts || 0), 0);
		this.add_button(card, __("Look at Conflicts"), () => frappe.set_route("List", "QuickBooks Conflict", { status: "Open" }), conflicts);
		if (run) this.add_button(card, __("What Was Done"), () => frappe.set_route("Form", "QuickBooks Sync Run", run.name));
		this.add_button(card, __("Match Again"), () => this.call("start_reading"));
	}

	show_deciding() {
		this.page.add_menu_item(__("Read Both Sides Again"), () =>
			frappe.confirm(
				__("Read both sides anew? What you have decided so far is forgotten, but for what you left alone."),
				() => this.call("start_reading")
			)
		);
		if (this.state.matched_at) {
			this.page.add_menu_item(__("End Without Doing Anything"), () => this.call("give_up"));
		}
		this.rows.show(this.area);
	}
}
