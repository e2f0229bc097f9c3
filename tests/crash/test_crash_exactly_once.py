"""Whatever kills a worker, and whenever: one ship doc is one invoice. Real processes, real SIGKILL, the books as witness."""

import signal

import pytest
from killing import assert_killed, recover, start_worker

RECEIVABLES = "Accounts Receivable (A/R)"

POINTS = ["before_claim", "after_claim", "after_freeze", "after_answer", "before_commit"]
MODES = {
	"requestid honoured": {"requestid": "honoured"},
	"requestid ignored": {"requestid": "ignored"},
	"requestid forgotten": {"requestid": "forgotten"},
	"requestid replays faults": {"requestid": "replays_faults"},
	"QuickBooks numbers, requestid ignored": {"requestid": "ignored", "custom_txn_numbers": False},
}


@pytest.fixture(params=MODES.values(), ids=MODES.keys())
def mode(request, company, site):
	from allorders_qb.tests.emulated import read_preferences_again

	company.set_knobs(**request.param)
	read_preferences_again()
	return request.param


@pytest.fixture
def ship_doc(site, company):
	return make_queued(site)


def make_queued(site):
	from allorders_qb.tests.utils import make_item, make_ship_doc

	doc = make_ship_doc(
		lines=[{"item": make_item(unit_price="19.99").name, "quantity": 3, "discount_percent": 12.5}],
		freight=7.5,
		submit=True,
	)
	site.db.commit()
	return doc


def assert_one_invoice(site, company, doc) -> None:
	# 3 x 19.99 less 12.5 % = 52.47375 -> 52.47, freight 7.50 -> 59.97
	invoices = company.get_invoices()
	assert [str(invoice["TotalAmt"]) for invoice in invoices] == ["59.97"]
	assert company.get_balance(RECEIVABLES) == pytest.approx(59.97, abs=1e-9)
	doc.reload()
	assert (doc.quickbooks_status, doc.quickbooks_id) == ("Sent", invoices[0]["Id"])
	assert doc.quickbooks_doc_number == invoices[0]["DocNumber"]


@pytest.mark.parametrize("point", POINTS)
def test_a_killed_worker_leaves_one_invoice(site, host_info, company, mode, ship_doc, point):
	assert_killed(start_worker(host_info, point))
	recover(site)
	assert_one_invoice(site, company, ship_doc)


def test_killed_after_quickbooks_stored_it_before_it_answered(site, host_info, company, mode, ship_doc):
	from allorders_qb.tests.emulated import wait_until

	send_masters(site, company)
	company.set_knobs(latency_after_commit_ms=20_000)
	worker = start_worker(host_info, "hold")
	wait_until(
		lambda: company.get_requests(entity="Invoice", committed=True), message="no invoice was stored"
	)
	worker.send_signal(signal.SIGKILL)
	worker.wait(timeout=10)
	company.set_knobs(latency_after_commit_ms=0)
	recover(site)
	assert_one_invoice(site, company, ship_doc)


def test_killed_while_the_request_was_still_on_its_way(site, host_info, company, mode, ship_doc):
	"""QuickBooks stores it only after the worker is dead: the search waits until it must be there."""
	from allorders_qb.tests.emulated import wait_until

	send_masters(site, company)
	company.set_knobs(commit_delay_ms=1500)
	worker = start_worker(host_info, "hold")
	wait_until(
		lambda: company.get_requests(entity="Invoice", operation="create"), message="no invoice was sent"
	)
	worker.send_signal(signal.SIGKILL)
	worker.wait(timeout=10)
	wait_until(lambda: company.get_requests(entity="Invoice", committed=True), message="nothing was stored")
	company.set_knobs(commit_delay_ms=0)
	recover(site)
	assert_one_invoice(site, company, ship_doc)


def send_masters(site, company) -> None:
	"""Have customer and item in QuickBooks already, so that the knob meets the invoice alone."""
	from allorders_qb.sync import rows
	from allorders_qb.tests.emulated import work

	waiting = site.get_all(
		rows.QUEUE, filters={"reference_doctype": "AO Ship Doc"}, pluck="name", order_by="name"
	)
	for name in waiting:
		site.db.set_value(rows.QUEUE, name, "waits_for_synchronization", 1)
	site.db.commit()
	work()
	for name in waiting:
		site.db.set_value(rows.QUEUE, name, "waits_for_synchronization", 0)
	site.db.commit()


@pytest.mark.parametrize("point", ["after_claim", "after_answer", "before_commit"])
@pytest.mark.parametrize("doctype", ["AO Customer", "AO Item"])
def test_a_killed_worker_leaves_one_customer_and_one_item(site, host_info, company, ship_doc, doctype, point):
	company.set_knobs(requestid="ignored")
	assert_killed(start_worker(host_info, point, doctype))
	recover(site)
	assert len(company.query("SELECT * FROM Customer WHERE Active IN (true, false)")) == 1
	assert len(company.query("SELECT * FROM Item WHERE Active IN (true, false)")) == 1
	assert_one_invoice(site, company, ship_doc)


def test_two_workers_on_one_queue_send_each_row_once(site, host_info, company):
	company.set_knobs(requestid="ignored", latency_ms=20)
	documents = [make_queued(site) for _number in range(15)]
	workers = [start_worker(host_info) for _number in range(3)]
	for worker in workers:
		said, _nothing = worker.communicate(timeout=120)
		assert worker.returncode == 0, said
	recover(site)
	numbers = sorted(invoice["DocNumber"] for invoice in company.get_invoices())
	assert numbers == sorted(doc.name for doc in documents)
	creates = company.get_requests(entity="Invoice", operation="create")
	assert len(creates) == len(documents)


def test_a_worker_that_slept_too_long_sends_nothing(site, host_info, company, ship_doc):
	"""Its lease has ended and another has finished the row: its fencing number no longer fits."""
	from allorders_qb.sync import rows
	from allorders_qb.tests.emulated import work

	due = next(row for row in rows.select_due() if row.name)
	held = rows.claim(due.name, due.status, due.fence, "the sleeper", 60)
	recover(site)
	assert_one_invoice(site, company, ship_doc)
	with pytest.raises(rows.LeaseLost):
		rows.change_claimed(held, {"possibly_stored": 1})
	site.db.rollback()
	work()
	assert_one_invoice(site, company, ship_doc)
