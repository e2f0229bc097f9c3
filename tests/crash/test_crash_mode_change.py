"""Whatever kills a change of the inventory mode, and whenever: it goes on, and the trial balance is what it was, to the cent."""

import signal

import pytest
from test_crash_roles import COUNTED, VALUES, choose_mode  # noqa: F401  a fixture
from test_crash_runs import start_runner

POINTS = (
	*(f"{kind} {number}" for kind in ("commit", "committed") for number in (1, 3, 5, 7, 9)),
	"answer InventoryAdjustment",
	"answer JournalEntry",
	"answer Item",
	"batch",
	"finish",
)


@pytest.fixture(params=[COUNTED, VALUES])
def begun(request, site, company, choose_mode):  # noqa: F811
	"""A change that has just been begun, of two items with stock; and the books before."""
	from allorders_qb.sync.mode_change.course import propose
	from allorders_qb.tests.emulated import work
	from allorders_qb.tests.test_mode_change import ModeChangeTestCase
	from allorders_qb.tests.test_runs_engine import forget_runs
	from allorders_qb.tests.utils import make_item, make_receiver, make_vendor

	forget_runs()
	ModeChangeTestCase.forget_others()
	choose_mode(request.param)
	items = [make_item(purchase_cost=2).name for _number in range(2)]
	lines = [{"item": item, "quantity": 3, "unit_cost": 2.55} for item in items]
	make_receiver(vendor=make_vendor(), lines=lines, vendor_invoice_number="1")
	site.db.commit()
	work()
	before = read_balances(company)
	doc = site.get_doc("QuickBooks Mode Change", propose())
	doc.submit()
	site.db.commit()
	yield doc, before
	site.db.rollback()
	ModeChangeTestCase.forget_others()


def read_balances(company) -> dict:
	ledger = company.control("GET", f"{company.realm_id}/ledger?entries=0")
	return {account: amount for account, amount in ledger["balances"].items() if amount}


def recover(site) -> None:
	from allorders_qb.sync.runs.engine import carry_out_runs
	from allorders_qb.tests.emulated import let_time_pass

	for _round in range(4):
		let_time_pass(700)
		carry_out_runs()
	site.db.commit()


@pytest.mark.parametrize("point", POINTS)
def test_killed(site, host_info, company, begun, point):
	doc, before = begun
	company.set_knobs(requestid="ignored")
	process = start_runner(host_info, point)
	said, _nothing = process.communicate(timeout=120)
	assert process.returncode == -signal.SIGKILL, f"it was to die here; it said:\n{said}"
	recover(site)
	doc.reload()
	assert (doc.status, doc.quickbooks_status) == ("Done", "Sent"), (doc.step, doc.quickbooks_reason)
	assert read_balances(company) == before
	assert len(company.query("SELECT * FROM InventoryAdjustment")) == 1
	assert len(company.query("SELECT * FROM JournalEntry")) == 1
	found = company.query("SELECT * FROM Item WHERE Active IN (true, false) MAXRESULTS 1000")
	for line in doc.lines:
		ours = [one for one in found if one["Name"].startswith(line.item)]
		assert sorted(one["Active"] for one in ours) == [False, True]
		assert next(one for one in ours if one["Active"])["Id"] == line.new_id
