"""Whatever kills a worker, and whenever: a payment is recorded once and applied once. The books are the witness."""

import pytest
from test_crash_exactly_once import (
	MODES,
	POINTS,
	RECEIVABLES,
	assert_killed,
	recover,
	start_worker,
)

HELPFUL_MODES = {name: mode for name, mode in MODES.items() if "custom_txn_numbers" not in mode}
"""A payment has no number that could be searched, whoever gives the numbers."""


@pytest.fixture(params=HELPFUL_MODES.values(), ids=HELPFUL_MODES.keys())
def mode(request, company):
	company.set_knobs(**request.param)
	return request.param


@pytest.fixture
def deposit(site, company):
	"""A submitted order and its deposit of 150.00, which is queued."""
	from allorders_qb.tests.utils import make_item, make_payment, make_sales_order

	order = make_sales_order(lines=[{"item": make_item(unit_price=50).name, "quantity": 2}])
	payment = make_payment(order.customer, 150, [{"sales_order": order.name, "amount": 150}], submit=True)
	site.db.commit()
	return order, payment


def ship(site, order):
	from allorders_qb.tests.utils import make_ship_doc

	ship_doc = make_ship_doc(order, submit=True)
	site.db.commit()
	return ship_doc


def assert_recorded(company, payment, applied: float) -> None:
	"""One payment of 150.00, of which so much settles the one invoice of 100.00."""
	payments = company.query("SELECT * FROM Payment")
	assert [float(remote["TotalAmt"]) for remote in payments] == [150]
	assert float(payments[0]["UnappliedAmt"]) == 150 - applied
	assert [float(line["Amount"]) for line in payments[0].get("Line", [])] == ([applied] if applied else [])
	assert company.get_balance("Undeposited Funds") == 150
	payment.reload()
	assert (payment.quickbooks_status, payment.quickbooks_id) == ("Sent", payments[0]["Id"])
	assert (payment.applied_amount, payment.unapplied_amount) == (applied, 150 - applied)


@pytest.mark.parametrize("point", POINTS)
def test_a_killed_worker_leaves_one_payment(site, host_info, company, mode, deposit, point):
	_order, payment = deposit
	assert_killed(start_worker(host_info, point, "AO Payment"))
	recover(site)
	assert_recorded(company, payment, applied=0)
	assert company.get_balance(RECEIVABLES) == -150


@pytest.mark.parametrize("point", POINTS)
def test_a_killed_worker_leaves_it_applied_once(site, host_info, company, mode, deposit, point):
	order, payment = deposit
	ship(site, order)
	assert_killed(start_worker(host_info, point, "AO Payment:application"))
	recover(site)
	assert_recorded(company, payment, applied=100)
	assert [float(invoice["Balance"]) for invoice in company.get_invoices()] == [0]
	assert company.get_balance(RECEIVABLES) == -50


@pytest.mark.parametrize("doctype", ["AO Ship Doc", "AO Payment"])
def test_killed_before_it_was_planned_it_is_applied_all_the_same(site, host_info, company, deposit, doctype):
	order, payment = deposit
	ship(site, order)
	assert_killed(start_worker(host_info, "before_planning", doctype))
	recover(site)
	assert_recorded(company, payment, applied=100)


def test_two_workers_apply_many_payments_once(site, host_info, company):
	from allorders_qb.tests.utils import make_customer, make_item, make_payment, make_sales_order

	company.set_knobs(requestid="ignored", latency_ms=20)
	customer, item = make_customer(), make_item(unit_price=50)
	orders = [make_sales_order(customer, lines=[{"item": item.name, "quantity": 1}]) for _number in range(6)]
	lines = [{"sales_order": order.name, "amount": 40} for order in orders]
	payment = make_payment(customer, 240, lines, submit=True)
	for order in orders:
		ship(site, order)
	workers = [start_worker(host_info) for _number in range(3)]
	for worker in workers:
		said, _nothing = worker.communicate(timeout=120)
		assert worker.returncode == 0, said
	recover(site)
	remote = company.query("SELECT * FROM Payment")
	assert [float(line["Amount"]) for line in remote[0]["Line"]] == [40] * 6
	assert {float(invoice["Balance"]) for invoice in company.get_invoices()} == {10}
	payment.reload()
	assert (payment.quickbooks_status, payment.unapplied_amount) == ("Sent", 0)
