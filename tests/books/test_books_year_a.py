"""The year in mode A: QuickBooks counts too. Its stock equals an independent calculation of its own rules, and with *Inventory Cost
Difference* it is our valuation.

The year is lived through once, on a company that does as the emulator does by default. For every value of every knob of what Intuit
does not confirm, the recorded requests are sent again to an empty company (``books_replay``; that QuickBooks' answers are the same
each time shows that the app would have sent the same), the site is connected to it, and the true-ups are really made: they alone
depend on how QuickBooks values.
"""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from books_accounts import CLEARING, DIFFERENCE, INVENTORY, MANUFACTURING
from books_events import TrueUp, Year
from books_far_costing import OPTIONS, Rules
from books_model_a import GOODS, CountedToo
from books_replay import Differs, Recorder, Request, replay
from books_reports import (
	list_rows,
	read_balance_sheet,
	read_party_balances,
	read_report,
	read_trial_balance,
	to_cents,
)
from books_site import choose_mode
from books_site_a import OPENER, CountedClerk
from books_year import CALENDAR_YEAR, YEAR

README = Path(__file__).resolve().parents[2] / "qbo_emulator" / "README.md"
LAST_DAY = f"{CALENDAR_YEAR}-12-31"
TRUE_UPS = ("AO Cost True-Up", "AO Cost True-Up Line", "AO Cost True-Up Item")
STOCK = ("AO Stock Ledger Entry", "AO Stock Layer", "AO Item Stock", "AO Stock Balance")
EUROS = {"CurrencyPrefs": {"MultiCurrencyEnabled": True}}


def list_knobs() -> dict[str, tuple[str, list[str]]]:
	"""Default and values of every knob of the group *Unconfirmed*, as the README lists them."""
	text = README.read_text(encoding="utf-8")
	table = text.partition("### Unconfirmed by Intuit\n")[2].partition("\n#")[0]
	found = {}
	for name, default, meaning in re.findall(r"^\| `(\w+)` \| (\S+) \| (.*) \|$", table, re.MULTILINE):
		flag = default in ("true", "false")
		values = ["true", "false"] if flag else meaning.rstrip(")").rpartition("(")[2].split(", ")
		assert default in values, name
		found[name] = (default, values)
	return found


REFUSING = ("stock_negative", "refused")
"""See its own test."""
TURNED = [(name, one) for name, (default, values) in list_knobs().items() for one in values if one != default]
OF_STOCK = [one for one in TURNED if one[0].startswith("stock_") and one != REFUSING]
OF_OTHERS = [one for one in TURNED if not one[0].startswith("stock_")]


@pytest.fixture(scope="module")
def year(site) -> Year:
	"""The year, with what a set is made of, so that QuickBooks has a PurchaseCost of it; trued up at the end, twice."""
	named = YEAR.rename(site.generate_hash(length=4))
	now = dict(zip(YEAR.items, named.items, strict=True))
	kettle, mug, tea_set = now["KETTLE"], now["MUG"], now["SET"]
	made_of = {
		**named.items[tea_set],
		"components": [{"item": kettle, "quantity": 1}, {"item": mug, "quantity": 4}],
		"production_costs": [{"kind": "Labour", "description": "Packing", "amount": 4.5}],
	}
	untrued = tuple(event for event in named.story if not isinstance(event, TrueUp))
	days = [event for event in named.story if isinstance(event, TrueUp)]
	return replace(named, items={**named.items, tea_set: made_of}, story=(*untrued, *days, TrueUp(LAST_DAY)))


@pytest.fixture(scope="module")
def untrued(year) -> Year:
	return replace(year, story=tuple(event for event in year.story if not isinstance(event, TrueUp)))


@pytest.fixture(scope="module")
def nothing_before(site) -> None:
	"""A company that counts its stock has one life: what other tests have on their shelves is no part of it."""
	from allorders_qb.sync.registry import POSTING_TYPES

	site.db.rollback()
	for doctype in (*STOCK, *POSTING_TYPES, *TRUE_UPS):
		site.db.delete(doctype)
	site.db.commit()


@pytest.fixture(scope="module")
def lived(site, company, nothing_before, untrued):
	"""The year as documents, all of it sent; the clerk knows the documents, the recorder what was asked."""
	from allorders_qb.tests.emulated import work

	choose_mode(site, "QuickBooks Counts Too", f"{CALENDAR_YEAR}-01-01")
	recorder = Recorder(company)
	recorder.keep()

	def send() -> None:
		work(rounds=8)
		recorder.keep()

	clerk = CountedClerk(site, company, send)
	clerk.live_through(untrued)
	recorder.keep()
	site.db.commit()
	return clerk, recorder


@pytest.fixture(scope="module")
def recorded(lived, company):
	return company


@pytest.fixture(scope="module")
def calculated(untrued) -> CountedToo:
	return CountedToo(untrued, Rules()).live_through()


def read_stock(company, items) -> dict[str, tuple[float, int]]:
	"""Quantity and value of each item, by QuickBooks' own report."""
	rows = list_rows(read_report(company, "InventoryValuationSummary", report_date=LAST_DAY))
	return {cells[0]: (float(cells[2] or 0), to_cents(cells[3])) for cells in rows if cells[0] in items}


def show_stock(model: CountedToo) -> dict[str, tuple[float, int]]:
	return {item: (float(units), value) for item, (units, value) in model.far.get_stock().items()}


def check_books(company, model: CountedToo) -> None:
	"""Stock, trial balance and balance sheet, to the cent."""
	assert read_stock(company, model.item_list) == show_stock(model)
	accounts = model.list_accounts()
	assert read_trial_balance(company, CALENDAR_YEAR) == accounts
	assert read_balance_sheet(company, CALENDAR_YEAR) == model.list_balance_sheet()


def test_nothing_waits(site, recorded):
	left = site.get_all(
		"QuickBooks Queue Entry",
		filters={"status": ("not in", ("Sent", "Not Needed"))},
		fields=["reference_name", "role", "status", "reason"],
		order_by="creation",
	)
	assert left == []


def test_stock_and_books_are_right_to_the_cent(recorded, calculated):
	assert GOODS not in calculated.list_accounts()
	check_books(recorded, calculated)


def test_what_parties_owe(recorded, calculated):
	assert read_party_balances(recorded, "Customer") == calculated.customers
	owed = read_party_balances(recorded, "Vendor")
	assert owed.pop(OPENER) == 0
	assert owed == calculated.vendors


def test_our_own_valuation(site, recorded, calculated):
	rows = site.get_all("AO Item Stock", fields=["item", "value"], order_by="item")
	ours = {row.item: round(row.value * 100) for row in rows if row.item in calculated.item_list}
	assert ours == {item: layers.cents for item, layers in sorted(calculated.items.items())}


def test_quickbooks_has_what_is_on_the_shelves(site, recorded, calculated):
	units = {item: float(layers.quantity) for item, layers in calculated.items.items()}
	assert {
		item: quantity for item, (quantity, _value) in read_stock(recorded, calculated.item_list).items()
	} == units


@pytest.fixture(scope="module")
def other():
	"""Another company, for one knob after the other."""
	from allorders_qb.tests.emulated import run_emulator

	with run_emulator() as emulated:
		yield emulated


@pytest.fixture
def connect(site):
	"""Have the site speak to another emulator that holds the same company; true-ups made there are gone afterwards."""
	from allorders_qb.sync import connecting
	from allorders_qb.tests.emulated import CLIENT_ID

	def switch(emulated) -> None:
		site.db.set_single_value("QuickBooks Settings", "emulator_url", emulated.url)
		site.clear_document_cache("QuickBooks Settings", "QuickBooks Settings")
		connecting.bind_company(emulated.realm_id, emulated.grant_tokens(CLIENT_ID))

	yield switch
	for doctype in TRUE_UPS:
		site.db.delete(doctype)
	for machinery in ("QuickBooks Queue Entry", "QuickBooks Link"):
		site.db.delete(machinery, {"reference_doctype": TRUE_UPS[0]})
	site.db.commit()


def prepare(emulated, knob: str, value: str) -> None:
	"""An empty company that keeps euros too, with one knob turned."""
	emulated.reset()
	emulated.control("PATCH", f"{emulated.realm_id}/preferences", EUROS)
	emulated.set_knobs(**{knob: value})


def make_rules(knob: str, value: str) -> Rules:
	name = knob.removeprefix("stock_")
	return Rules(**{name: value}) if knob.startswith("stock_") else Rules()


@pytest.mark.parametrize(("knob", "value"), [("stock_negative", "recost"), *OF_STOCK])
def test_the_difference_is_booked_whatever_quickbooks_does(site, lived, year, other, connect, knob, value):
	"""What stands in QuickBooks is what its rules make of it; trued up, it is our valuation, document by document."""
	clerk, recorder = lived
	prepare(other, knob, value)
	replay(other, recorder.requests)
	model = CountedToo(year, make_rules(knob, value)).live_through()
	connect(other)
	for event, expected in zip(year.story[-2:], model.true_ups, strict=True):
		assert true_up(site, clerk, event.day) == name_lines(clerk, expected)
	check_books(other, model)
	accounts = read_trial_balance(other, CALENDAR_YEAR)
	assert accounts[INVENTORY] + accounts.get(DIFFERENCE, 0) == model.inventory
	assert MANUFACTURING not in accounts
	assert CLEARING in accounts  # what carriers have not billed yet


def true_up(site, clerk, day: str) -> dict[tuple, int]:
	"""Propose and post a true-up; what it books, by document, item, cause and account, without what evens out."""
	from allorders_qb.sync import true_up as truing
	from allorders_qb.tests.emulated import work

	try:
		doc = site.get_doc(TRUE_UPS[0], truing.propose(day))
	except site.ValidationError as nothing:
		assert "nothing to bring up to date" in str(nothing)
		return {}
	open_questions = [row for row in doc.get("items") if row.unexplained or row.left_out]
	assert [(row.item, row.unexplained, row.left_out) for row in open_questions] == []
	found = {
		(line.reference_name, line.item, line.cause, line.account): round(line.difference * 100)
		for line in doc.lines
	}
	doc.submit()
	site.db.commit()
	work(rounds=8)
	doc.reload()
	assert doc.quickbooks_status in ("Sent", "Not Needed"), doc.quickbooks_reason
	return found


def name_lines(clerk, lines: dict) -> dict[tuple, int]:
	"""The calculation's lines by the names of documents; what comes to nothing on an item's account is not listed."""
	sums: dict[tuple, int] = {}
	for (_place, item, _cause, account), amount in lines.items():
		sums[item, account] = sums.get((item, account), 0) + amount
	return {
		(clerk.by_event[place].name, item, cause, account): amount
		for (place, item, cause, account), amount in lines.items()
		if sums[item, account]
	}


@pytest.mark.parametrize(("knob", "value"), OF_OTHERS)
def test_nothing_else_that_is_unconfirmed_changes_the_books(lived, other, calculated, knob, value):
	"""These rules have nothing to do with stock: every answer is the same, and so are the reports that a true-up reads."""
	_clerk, recorder = lived
	prepare(other, knob, value)
	replay(other, recorder.requests)
	assert read_stock(other, calculated.item_list) == show_stock(calculated)
	assert read_trial_balance(other, CALENDAR_YEAR) == calculated.list_accounts()


def test_every_rule_of_stock_is_known_to_the_calculation():
	"""All values of all knobs are read from the README and turned: none can be forgotten."""
	listed = {
		name.removeprefix("stock_"): set(values)
		for name, (_default, values) in list_knobs().items()
		if name.startswith("stock_")
	}
	assert listed == {name: set(values) for name, values in OPTIONS.items()}
	assert REFUSING in TURNED and OF_OTHERS


def test_where_quickbooks_refuses_stock_below_zero(lived, other):
	"""A vendor's bill is of its own date; where goods of it were sold before that, this company takes it for a shortage. The one
	request that is answered otherwise is that bill's, and nothing of it is stored."""
	_clerk, recorder = lived
	prepare(other, *REFUSING)
	with pytest.raises(Differs) as refused:
		replay(other, recorder.requests)
	sent: Request = refused.value.request
	assert refused.value.status == 400 and "There is not enough of" in refused.value.answer
	assert json.loads(sent.body)["DocNumber"].startswith("STEEL") and "SyncToken" in json.loads(sent.body)
