"""Every role is one transaction, whatever kills a worker: real processes, real SIGKILL, the company's own lists as witness."""

import pytest
from test_crash_exactly_once import MODES, assert_killed, recover, start_worker

VALUES, COUNTED = "Values Only", "QuickBooks Counts Too"
ROLES = {
	"cogs": ("AO Ship Doc", "JournalEntry", VALUES),
	"sales_receipt": ("AO Ship Doc", "SalesReceipt", VALUES),
	"credit_memo": ("AO Customer Return", "CreditMemo", VALUES),
	"refund_receipt": ("AO Customer Return", "RefundReceipt", VALUES),
	"production": ("AO Work Order", "JournalEntry", VALUES),
	"adjustment": ("AO Quantity Adjustment", "InventoryAdjustment", COUNTED),
	"journal": ("AO Cost True-Up", "JournalEntry", COUNTED),
}
FOUR_WAYS = {name: knobs for name, knobs in MODES.items() if len(knobs) == 1}


@pytest.fixture
def choose_mode(site, company):
	from allorders_qb.sync.connection import SETTINGS
	from allorders_qb.tests.booked import ACCOUNTS, START, forget_mode

	def choose(mode):
		forget_mode()
		settings = site.get_doc(SETTINGS)
		settings.update({"inventory_mode": mode, "inventory_start_date": START, **ACCOUNTS})
		settings.save()
		site.db.commit()

	yield choose
	site.db.rollback()
	forget_mode()


@pytest.fixture(params=ROLES, ids=ROLES.keys())
def role(request, site, company, choose_mode):
	choose_mode(ROLES[request.param][2])
	return request.param


def make_queued(site, role):
	"""A document that has this role, submitted."""
	from allorders_qb.tests.utils import (
		make_customer,
		make_item,
		make_location,
		make_opening_stock,
		make_ship_doc,
	)

	location = make_location().name
	if role == "journal":
		return make_true_up(site, location)
	item = make_item(purchase_cost=4)
	make_opening_stock([{"item": item.name, "location": location, "quantity": 10, "unit_cost": 4}])
	lines = [{"item": item.name, "quantity": 2, "unit_price": 10}]
	if role in ("cogs", "sales_receipt"):
		doc = make_ship_doc(lines=lines, location=location, paid_at_sale=role == "sales_receipt")
	elif role in ("credit_memo", "refund_receipt"):
		doc = site.get_doc(
			{
				"doctype": "AO Customer Return",
				"customer": make_customer().name,
				"location": location,
				"lines": lines,
				"refunded_at_once": role == "refund_receipt",
				"payment_account": "Checking",
			}
		).insert()
	elif role == "production":
		made = make_item(
			item_type="Assembly",
			components=[{"item": item.name, "quantity": 2}],
			production_costs=[{"kind": "Labour", "description": "Joiner", "amount": 7.5}],
		)
		doc = site.get_doc(
			{"doctype": "AO Work Order", "item": made.name, "quantity": 1, "location": location}
		).insert()
	else:
		doc = site.get_doc(
			{
				"doctype": "AO Quantity Adjustment",
				"location": location,
				"reason": "Lost",
				"lines": [{"item": item.name, "quantity_change": -1}],
			}
		).insert()
	doc.submit()
	site.db.commit()
	return doc


def make_true_up(site, location):
	"""A true-up of what was found, which is worth 5.00 each here and 4.00 in QuickBooks; submitted."""
	from allorders_qb.sync.true_up import TRUE_UP, propose
	from allorders_qb.tests.emulated import work
	from allorders_qb.tests.utils import make_item, make_receiver

	# Those of another test's company are no part of this one's books.
	for doctype in (TRUE_UP, f"{TRUE_UP} Line", f"{TRUE_UP} Item"):
		site.db.delete(doctype)
	item = make_item(purchase_cost=4)
	lines = [{"item": item.name, "quantity": 10, "unit_cost": 5}]
	make_receiver(lines=lines, location=location, vendor_invoice_number=site.generate_hash(length=8))
	found = {"location": location, "reason": "Found", "lines": [{"item": item.name, "quantity_change": 2}]}
	site.get_doc({"doctype": "AO Quantity Adjustment", **found}).insert().submit()
	site.db.commit()
	work()
	doc = site.get_doc(TRUE_UP, propose())
	doc.submit()
	site.db.commit()
	assert doc.total_difference == 2
	return doc


def assert_each_role_is_one(site, company, doc) -> None:
	from allorders_qb.sync import rows

	doc.reload()
	assert doc.quickbooks_status == "Sent", doc.quickbooks_reason
	for row in rows.get_rows(doc.doctype, doc.name):
		assert row.status == "Sent", (row.role, row.reason)
		assert len(company.query(f"SELECT * FROM {row.entity}")) == 1, row.role


@pytest.mark.parametrize("knobs", FOUR_WAYS.values(), ids=FOUR_WAYS.keys())
def test_killed_with_the_answer_in_hand(site, host_info, company, role, knobs):
	company.set_knobs(**knobs)
	doc = make_queued(site, role)
	assert_killed(start_worker(host_info, "after_answer", f"{doc.doctype}:{role}"))
	recover(site)
	assert_each_role_is_one(site, company, doc)


@pytest.mark.parametrize("point", ["after_claim", "after_freeze", "before_commit"])
def test_killed_at_another_point(site, host_info, company, role, point):
	company.set_knobs(requestid="ignored")
	doc = make_queued(site, role)
	assert_killed(start_worker(host_info, point, f"{doc.doctype}:{role}"))
	recover(site)
	assert_each_role_is_one(site, company, doc)


@pytest.mark.parametrize("point", ["after_answer", "before_commit"])
def test_killed_between_two_roles_of_one_document(site, host_info, company, choose_mode, point):
	"""The invoice's worker dies; its cost of goods waits for it, and each is there once."""
	choose_mode(VALUES)
	company.set_knobs(requestid="ignored")
	doc = make_queued(site, "cogs")
	assert_killed(start_worker(host_info, point, "AO Ship Doc:invoice"))
	assert company.query("SELECT * FROM JournalEntry") == []
	recover(site)
	assert_each_role_is_one(site, company, doc)
	assert company.get_balance("Cost of Goods Sold") == 8
