"""Provisional bills become vendors' bills, whatever kills a worker: real SIGKILL, the company's payables and stock as witness."""

import pytest
from killing import assert_killed, recover, start_worker
from test_crash_roles import COUNTED, FOUR_WAYS, choose_mode  # noqa: F401  a fixture

RECEIVED = (1, 2, 3)
"""Units of the three receivers, at 30.00 a unit; the bill covers the first two and one of the third, at 31.00."""

ROLES = ("provisional", "bill")
"""What is taken out of the second and third receiver's bills, and the first one's, which becomes the vendor's."""


@pytest.fixture
def billed(site, company, choose_mode):  # noqa: F811
	"""A vendor's bill of three receivers that stand in QuickBooks as provisional bills; submitted."""
	from allorders_qb.allorders_qb.doctype.ao_receiver.ao_receiver import make_vendor_bill
	from allorders_qb.tests.emulated import work
	from allorders_qb.tests.utils import make_item, make_receiver, make_vendor

	choose_mode(COUNTED)
	vendor, item = make_vendor().name, make_item(purchase_cost=30).name
	doc = None
	for quantity in RECEIVED:
		lines = [{"item": item, "quantity": quantity, "unit_cost": 30}]
		receiver = make_receiver(vendor=vendor, lines=lines, billing="Bill Later")
		doc = make_vendor_bill(receiver.name, doc)
	site.db.commit()
	work()
	assert company.get_balance("Accounts Payable (A/P)") == -180
	for line in doc.lines:
		line.update({"quantity": min(line.quantity, 2 if line.idx == 2 else 1), "unit_cost": 31})
	doc.vendor_invoice_number = "V-1"
	doc.insert().submit()
	site.db.commit()
	return doc


def assert_right(site, company, doc) -> None:
	from allorders_qb.sync import rows

	doc.reload()
	assert doc.quickbooks_status == "Sent", doc.quickbooks_reason
	statuses = [(row.role, row.status) for row in rows.get_rows(doc.doctype, doc.name)]
	assert sorted(statuses) == [
		("bill", "Sent"),
		("provisional", "Sent"),
		("provisional", "Sent"),
		("revaluation", "Not Needed"),
	]
	bills = {bill["Id"]: bill for bill in company.query("SELECT * FROM Bill")}
	assert sorted(bill["TotalAmt"] for bill in bills.values()) == [60, 124]
	assert bills[doc.quickbooks_id]["DocNumber"] == "V-1"
	assert company.get_balance("Accounts Payable (A/P)") == -184
	assert company.get_balance("Inventory Asset") == 184
	(item,) = company.query(f"SELECT * FROM Item WHERE Name = '{doc.lines[0].item}'")
	assert item["QtyOnHand"] == 6


def read_quantity(company, doc) -> float:
	return company.query(f"SELECT * FROM Item WHERE Name = '{doc.lines[0].item}'")[0]["QtyOnHand"]


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("knobs", FOUR_WAYS.values(), ids=FOUR_WAYS.keys())
def test_killed_with_the_answer_in_hand(site, host_info, company, billed, role, knobs):
	company.set_knobs(**knobs)
	assert_killed(start_worker(host_info, "after_answer", f"AO Vendor Bill:{role}"))
	assert read_quantity(company, billed) <= 6
	recover(site)
	assert_right(site, company, billed)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("point", ["after_claim", "after_freeze", "before_commit"])
def test_killed_at_another_point(site, host_info, company, billed, role, point):
	company.set_knobs(requestid="ignored")
	assert_killed(start_worker(host_info, point, f"AO Vendor Bill:{role}"))
	assert read_quantity(company, billed) <= 6
	recover(site)
	assert_right(site, company, billed)


@pytest.mark.parametrize("operation", ["update", "delete"])
@pytest.mark.parametrize("knobs", FOUR_WAYS.values(), ids=FOUR_WAYS.keys())
def test_an_answer_is_lost(site, company, billed, operation, knobs):
	from allorders_qb.tests.emulated import work

	company.set_knobs(**knobs)
	company.queue_fault(match={"entity": "Bill", "operation": operation}, drop="after_commit", times=2)
	work(rounds=8)
	assert_right(site, company, billed)
