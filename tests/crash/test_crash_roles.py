"""Every role is one transaction, whatever kills a worker: real processes, real SIGKILL, the company's own lists as witness.

The roles, and the documents that have them, are those of ``allorders_qb.tests.role_cases``; a role that is declared and has
no crash test makes the last test here fail.
"""

import pytest
from test_crash_exactly_once import MODES, assert_killed, recover, start_worker

VALUES, COUNTED = "Values Only", "QuickBooks Counts Too"
SEARCHED = {
	"cogs": ("ship_doc_values_only", "cogs"),
	"sales_receipt": ("ship_doc_paid_values_only", "sales_receipt"),
	"credit_memo": ("customer_return_values_only", "credit_memo"),
	"refund_receipt": ("customer_return_refunded_values_only", "refund_receipt"),
	"production": ("work_order_values_only", "production"),
	"adjustment": ("quantity_adjustment_quickbooks_counts_too", "adjustment"),
	"journal": ("cost_true_up_quickbooks_counts_too", "journal"),
}
"""A role of each entity that is searched for in its own way: these are killed at every point, and in every way of request ids."""

FOUR_WAYS = {name: knobs for name, knobs in MODES.items() if len(knobs) == 1}
OTHER_WAYS = {name: knobs for name, knobs in FOUR_WAYS.items() if knobs != {"requestid": "ignored"}}
EVERY_ROLE = [
	("ship_doc_values_only", ("invoice", "cogs")),
	("ship_doc_quickbooks_counts_too", ("invoice",)),
	("ship_doc_paid_values_only", ("sales_receipt",)),
	("ship_doc_paid_quickbooks_counts_too", ("sales_receipt",)),
	("customer_return_values_only", ("credit_memo", "cogs")),
	("customer_return_scrapped_quickbooks_counts_too", ("credit_memo", "scrap")),
	("customer_return_refunded_values_only", ("refund_receipt",)),
	("customer_return_refunded_quickbooks_counts_too", ("refund_receipt",)),
	("work_order_values_only", ("production",)),
	("work_order_quickbooks_counts_too", ("adjustment", "production")),
	("quantity_adjustment_values_only", ("journal",)),
	("quantity_adjustment_quickbooks_counts_too", ("adjustment",)),
	("value_adjustment_values_only", ("journal",)),
	("value_adjustment_quickbooks_counts_too", ("journal",)),
	("cost_true_up_values_only", ("journal",)),
	("cost_true_up_quickbooks_counts_too", ("journal",)),
	("receiver_values_only", ("bill", "landed_cost")),
	("receiver_quickbooks_counts_too", ("bill",)),
	("receiver_billed_later_values_only", ("accrual",)),
	("vendor_bill_values_only", ("bill", "accrual_reversal", "revaluation")),
	("vendor_bill_quickbooks_counts_too", ("bill", "revaluation")),
	("vendor_return_values_only", ("vendor_credit", "variance")),
	("vendor_return_quickbooks_counts_too", ("vendor_credit",)),
]
"""Case, and the roles of it at which a worker is killed. Payments: ``test_crash_payments``."""

KILLED = [(case, role) for case, roles in EVERY_ROLE for role in roles]
TESTED_ELSEWHERE = {
	("AO Payment", "payment"): "test_crash_payments",
	("AO Payment", "application"): "test_crash_payments",
	("AO Vendor Bill", "provisional"): "test_crash_billed_later",
}


def get_case(name):
	from allorders_qb.tests.role_cases import CASES

	return next(case for case in CASES if case.name == name)


@pytest.fixture
def choose_mode(site, company):
	from allorders_qb.sync.connection import SETTINGS
	from allorders_qb.tests.booked import ACCOUNTS, START, forget_mode

	def choose(mode):
		forget_mode()
		# Those of another test's company are no part of this one's books.
		for doctype in ("AO Cost True-Up", "AO Cost True-Up Line", "AO Cost True-Up Item"):
			site.db.delete(doctype)
		settings = site.get_doc(SETTINGS)
		settings.update({"inventory_mode": mode, "inventory_start_date": START, **ACCOUNTS})
		settings.save()
		site.db.commit()

	yield choose
	site.db.rollback()
	forget_mode()


@pytest.fixture
def make_queued(site, company, choose_mode):
	"""Make the document of a case, submitted, with what it needs in QuickBooks already."""
	from allorders_qb.tests.emulated import work
	from allorders_qb.tests.role_cases import Goods

	def make(name):
		case = get_case(name)
		choose_mode(case.mode)
		goods = Goods()
		before = case.prepare(goods)
		site.db.commit()
		if before:
			work()
		doc = case.make(goods, before)
		doc.submit()
		site.db.commit()
		return doc

	return make


def list_marked(company, doc, role, entity) -> list[dict]:
	"""What QuickBooks holds of one role of a document, told by the marker."""
	return [
		remote
		for remote in company.query(f"SELECT * FROM {entity} MAXRESULTS 1000")
		if f"[AO {doc.name} {role}/" in remote.get("PrivateNote", "")
	]


def assert_each_role_is_one(company, doc) -> None:
	from allorders_qb.sync import rows

	doc.reload()
	assert doc.quickbooks_status == "Sent", doc.quickbooks_reason
	for row in rows.get_rows(doc.doctype, doc.name):
		assert row.status == "Sent", (row.role, row.reason)
		assert len(list_marked(company, doc, row.role, row.entity)) == 1, row.role


@pytest.mark.parametrize(("case", "role"), SEARCHED.values(), ids=SEARCHED.keys())
@pytest.mark.parametrize("knobs", OTHER_WAYS.values(), ids=OTHER_WAYS.keys())
def test_killed_with_the_answer_in_hand(site, host_info, company, make_queued, case, role, knobs):
	company.set_knobs(**knobs)
	doc = make_queued(case)
	assert_killed(start_worker(host_info, "after_answer", f"{doc.doctype}:{role}"))
	recover(site)
	assert_each_role_is_one(company, doc)


@pytest.mark.parametrize(("case", "role"), SEARCHED.values(), ids=SEARCHED.keys())
@pytest.mark.parametrize("point", ["after_claim", "after_freeze", "before_commit"])
def test_killed_at_another_point(site, host_info, company, make_queued, case, role, point):
	company.set_knobs(requestid="ignored")
	doc = make_queued(case)
	assert_killed(start_worker(host_info, point, f"{doc.doctype}:{role}"))
	recover(site)
	assert_each_role_is_one(company, doc)


@pytest.mark.parametrize(("case", "role"), KILLED, ids=[f"{case}:{role}" for case, role in KILLED])
def test_every_role_is_one_and_those_behind_it_wait(site, host_info, company, make_queued, case, role):
	"""The worker dies with the answer in hand: what was recorded before stays one, what comes after has not left, and
	each is there once in the end. Request ids are ignored, so that the search alone must find it."""
	from allorders_qb.sync import rows

	company.set_knobs(requestid="ignored")
	doc = make_queued(case)
	assert_killed(start_worker(host_info, "after_answer", f"{doc.doctype}:{role}"))
	site.db.rollback()
	order = [row.role for row in rows.get_rows(doc.doctype, doc.name)]
	there = [
		row.role
		for row in rows.get_rows(doc.doctype, doc.name)
		if list_marked(company, doc, row.role, get_entity(doc, row.role))
	]
	assert there == order[: order.index(role) + 1]
	recover(site)
	assert_each_role_is_one(company, doc)


def get_entity(doc, role) -> str:
	from allorders_qb.sync.registry import get_role

	return get_role(doc.doctype, role).entity


def test_every_role_under_every_mode_has_a_crash_test(site):
	from allorders_qb.sync.registry import POSTING_TYPES
	from allorders_qb.tests.role_cases import CASES

	# What is guided leaves step by step: test_crash_mode_change.
	documents = {doctype: known for doctype, known in POSTING_TYPES.items() if not known.guided}
	declared = {(doctype, role.name) for doctype, known in documents.items() for role in known.roles}
	killed = {(get_case(name).doctype, get_case(name).mode, role) for name, role in KILLED}
	assert declared - {(doctype, role) for doctype, _mode, role in killed} == set(TESTED_ELSEWHERE)
	had = {(case.doctype, case.mode, role) for case in CASES for role in case.roles}
	assert {one for one in had if (one[0], one[2]) not in TESTED_ELSEWHERE} - killed == set()
