"""What the scripts of forms do when answers come late, or somebody has left: run by Node, with a server that answers when it is told to."""

import json
import shutil
import subprocess
import unittest
from pathlib import Path

import frappe

DESK = """
	const handlers = {};
	const timers = [];
	const asked = [];
	// The server: each question waits for its answer.
	const ask = (question) => new Promise((resolve, reject) => asked.push({ question, resolve, reject }));
	const settle = () => new Promise((resolve) => setImmediate(resolve));
	globalThis.allorders_qb = {};
	globalThis.__ = (text) => text;
	globalThis.cur_frm = null;
	globalThis.setTimeout = (run) => timers.push(run);
	globalThis.clearTimeout = (number) => number && (timers[number - 1] = null);
	globalThis.frappe = {
		provide: () => {},
		xcall: (method, args) => ask({ method, args }),
		db: { get_value: (...about) => ask(about), get_single_value: (...about) => ask(about) },
		ui: { form: { on: (doctype, events) => (handlers[doctype] = { ...handlers[doctype], ...events }) } },
		utils: { escape_html: (text) => text },
		model: {}, meta: { has_field: () => false },
	};
	const make_form = (doctype, doc) => {
		const frm = { doctype, doc, docname: doc.name, fields_dict: {}, dashboard: {}, reloads: 0 };
		frm.events = handlers[doctype] || {};
		frm.is_new = () => true;
		frm.set_value = async (field, value) => Object.assign(doc, typeof field === "object" ? field : { [field]: value });
		frm.refresh_field = frm.toggle_display = frm.add_custom_button = () => {};
		frm.dashboard.show_progress = frm.dashboard.set_headline_alert = () => {};
		frm.reload_doc = () => frm.reloads++;
		return frm;
	};
"""


@unittest.skipUnless(shutil.which("node"), "needs Node to run the form's script")
class TestFormScripts(unittest.TestCase):
	def run_script(self, paths: list[str], story: str):
		"""Run scripts of the app and then a story with them; what it prints as JSON."""
		scripts = [Path(frappe.get_app_path("allorders_qb", *path.split("/"))).read_text() for path in paths]
		script = "\n".join([DESK, *scripts, f"(async () => {{ {story} }})();"])
		answer = subprocess.run(
			["node", "-e", script], capture_output=True, text=True, check=True, timeout=60
		)
		return json.loads(answer.stdout)

	def test_a_tax_that_was_entered_meanwhile_stays(self) -> None:
		story = """
			const doc = { docstatus: 0, prices_are: "Before Tax", tax_computed_by: "All Orders", exchange_rate: 1 };
			const frm = make_form("AO Ship Doc", { ...doc, lines: [{ amount: 10, tax_code: "TAX" }] });
			frm.fields_dict.net_total = {};
			const late = allorders_qb.tax.show(frm);
			Object.assign(frm.doc, { tax_computed_by: "By Hand", tax_total: 3 });
			await allorders_qb.tax.show(frm);
			asked[0].resolve({ TAX: [10] });
			await late;
			const entered = [frm.doc.tax_total, frm.doc.total];
			frm.doc.tax_computed_by = "All Orders";
			allorders_qb.tax.rates.sales_rates = {};
			const slow = allorders_qb.tax.show(frm);
			frm.doc.lines[0].amount = 20;
			asked[1].resolve({ TAX: [10] });
			await slow;
			console.log(JSON.stringify({ entered, net: frm.doc.net_total, sum: frm.doc.total - frm.doc.tax_total }));
		"""
		said = self.run_script(["public/js/ao_money.js", "public/js/ao_tax.js"], story)
		self.assertEqual(said["entered"], [3, 13])
		self.assertEqual(said["sum"], 20)

	def test_a_choice_made_meanwhile_is_kept(self) -> None:
		story = """
			const frm = make_form("AO Ship Doc", { name: "new" });
			const filled = allorders_qb.tax.fill_new(frm);
			frm.doc.prices_are = "With Tax";
			asked[0].resolve("Before Tax");
			await settle();
			asked[1].resolve("QuickBooks");
			await filled;
			console.log(JSON.stringify([frm.doc.prices_are, frm.doc.tax_computed_by]));
		"""
		said = self.run_script(["public/js/ao_money.js", "public/js/ao_tax.js"], story)
		self.assertEqual(said, ["With Tax", "QuickBooks"])

	def test_a_running_change_is_looked_at_once_and_only_where_it_is_open(self) -> None:
		story = """
			const frm = make_form("QuickBooks Mode Change", { name: "MC-1", status: "Running" });
			cur_frm = frm;
			const look = async () => {
				const shown = frm.events.show_progress(frm);
				asked[asked.length - 1].resolve({ message: { status: "Running", percent: 5 } });
				await shown;
			};
			await look();
			await look();
			timers.forEach((run) => run && run());
			const open = frm.reloads;
			await look();
			cur_frm = null;
			timers[timers.length - 1]();
			console.log(JSON.stringify([open, frm.reloads]));
		"""
		script = "allorders_qb/doctype/quickbooks_mode_change/quickbooks_mode_change.js"
		self.assertEqual(self.run_script([script], story), [1, 1])

	def test_dimensions_that_could_not_be_read_are_asked_again(self) -> None:
		story = """
			const frm = make_form("AO Ship Doc", { name: "SD-1" });
			const first = handlers["AO Ship Doc"].refresh(frm).catch(() => "failed");
			asked[0].reject(new Error("offline"));
			const failed = await first;
			const second = handlers["AO Ship Doc"].refresh(frm);
			const count = asked.length;
			if (count > 1) asked[1].resolve({ classes: true, locations: true });
			await second.catch(() => {});
			console.log(JSON.stringify([failed, count]));
		"""
		said = self.run_script(["public/js/quickbooks_dimensions.js"], story)
		self.assertEqual(said, ["failed", 2])

	def test_new_terms_are_asked_with_what_the_former_ones_were(self) -> None:
		story = """
			allorders_qb.document_form = { bind: () => {} };
			require("vm").runInThisContext(script);
			const doc = { name: "new", docstatus: 0, terms: "Cash", paid_at_sale: 1, payment_account: "Till" };
			const frm = make_form("AO Ship Doc", doc);
			frappe.model.can_read = frappe.model.can_create = () => false;
			frm.events.refresh(frm);
			frm.doc.terms = "Card";
			const changed = frm.events.terms(frm);
			await settle();
			const { args } = asked[0].question;
			asked[0].resolve({ paid_at_sale: 1, payment_account: "Card Clearing", payment_method: null });
			await changed;
			console.log(JSON.stringify([args.former_terms, args.entered, frm.doc.payment_account]));
		"""
		path = "allorders_qb/doctype/ao_ship_doc/ao_ship_doc.js"
		source = Path(frappe.get_app_path("allorders_qb", *path.split("/"))).read_text()
		said = self.run_script([], f"const script = {json.dumps(source)}; {story}")
		self.assertEqual(said, ["Cash", {"paid_at_sale": 1, "payment_account": "Till"}, "Card Clearing"])
