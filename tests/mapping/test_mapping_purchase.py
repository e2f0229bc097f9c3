"""Bills and vendor credits: golden payloads, amounts that count, refusals that name the row."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from provisions import GB, MARKER, REFERENCES, US, check_golden

from allorders_qb.mapping.errors import MappingError
from allorders_qb.mapping.posting import PurchaseDocument, PurchaseLine, TaxShare
from allorders_qb.mapping.purchase import ITEM_LINE, build_purchase_form, find_unit_cost
from allorders_qb.money import multiply, round_half_up

D = Decimal


def item_line(row=1, item="CHAI-10", quantity="24", unit_cost="9.25", amount=None, **values):
	quantity, unit_cost = D(quantity), D(unit_cost)
	amount = round_half_up(multiply(quantity, unit_cost)) if amount is None else D(amount)
	return PurchaseLine(row, amount, item=item, quantity=quantity, unit_cost=unit_cost, **values)


def make_bill(*lines, **values):
	lines = lines or (item_line(), item_line(2, "CUP-12", "10", "1.5"))
	return PurchaseDocument(
		**{
			"kind": "bill",
			"source_doctype": "AO Receiver",
			"source_name": "RC-2026-00031",
			"party": "Assam & Sons",
			"posting_date": date(2026, 11, 20),
			"due_date": date(2026, 12, 20),
			"doc_number": "A-7781",
			"currency": "USD",
			"exchange_rate": D(1),
			"lines": lines,
			"total": sum((line.amount for line in lines), D(0)),
			"terms": "Net 30",
			**values,
		}
	)


def build(document, company=US):
	return build_purchase_form(document, REFERENCES, company, MARKER)


def refuse(document, company=US) -> MappingError:
	with pytest.raises(MappingError) as caught:
		build(document, company)
	assert str(caught.value).startswith("RC-2026-00031")
	return caught.value


def test_bill_of_items():
	company = replace(US, tracks_departments=True, tracks_classes_per_line=True)
	bill = make_bill(
		item_line(class_name="Wholesale"), department="Portland", private_note="Two cartons damp."
	)
	check_golden("bill_plain", build(bill, company))


def test_bill_at_landed_cost():
	"""Items at landed cost and one negative line keep the vendor's own total. Source: accounting.md 6."""
	bill = make_bill(
		item_line(unit_cost="10.50"),
		PurchaseLine(None, D("-30.00"), "Freight and duty, billed by others", account="Landed Cost Clearing"),
	)
	assert bill.total == D("222.00")
	check_golden("bill_landed_cost", build(bill))


def test_foreign_bill():
	bill = make_bill(party="Teehandel Süd", currency="EUR", exchange_rate=D("1.0853"))
	check_golden("bill_multicurrency", build(bill, replace(US, multicurrency=True)))


def test_british_bill():
	share = TaxShare("20.0% S (Purchases)", D(20), D("222.00"), D("44.40"))
	bill = make_bill(item_line(tax_code="20.0% S"), currency="GBP", tax=D("44.40"), tax_shares=(share,))
	check_golden("bill_british", build(bill, GB))


def test_vendor_credit():
	credit = make_bill(item_line(quantity="2"), kind="vendor_credit", doc_number=None)
	payload = build(credit)
	assert "DueDate" not in payload and "SalesTermRef" not in payload and "DocNumber" not in payload
	check_golden("vendor_credit", payload)


def test_a_class_of_the_whole_transaction_has_no_place():
	company = replace(US, tracks_classes_per_transaction=True)
	error = refuse(make_bill(item_line(class_name="Wholesale")), company)
	assert "row 1, Class" in str(error) and "what comes from vendors has none" in str(error)


def test_a_dozen_is_twelve():
	"""One dozen at 10.00 in units of one: the amount is what counts."""
	line = item_line(quantity="12", unit_cost="0.8333333", amount="10.00")
	assert build(make_bill(line))["Line"][0][ITEM_LINE]["UnitPrice"] == D("0.8333333")


def test_a_cost_that_would_not_give_the_amount_is_left_out():
	line = item_line(quantity="3000000", unit_cost="0.3", amount="1000000.07")
	assert find_unit_cost(line) is None
	assert "UnitPrice" not in build(make_bill(line))["Line"][0][ITEM_LINE]


@given(
	quantity=st.decimals("0.000001", "9999999", places=6),
	amount=st.decimals("0", "9999999", places=2),
)
def test_a_unit_cost_gives_the_amount_or_is_not_sent(quantity, amount):
	cost = find_unit_cost(PurchaseLine(1, amount, item="CHAI-10", quantity=quantity))
	if cost is not None:
		assert round_half_up(multiply(quantity, cost)) == amount


@pytest.mark.parametrize(
	("bill", "said"),
	(
		(lambda: make_bill(total=D(1)), "Total: 1 is not the sum of its lines (237.00)"),
		(lambda: make_bill(item_line(quantity="0")), "row 1, Quantity: 0 is not above zero"),
		(lambda: make_bill(item_line(item="NEW")), 'row 1, Item: "NEW" is not in QuickBooks yet'),
		(lambda: make_bill(PurchaseLine(3, D(1))), "row 3: neither an item nor an account"),
		(lambda: make_bill(PurchaseLine(1, D("1.005"), account="Checking")), "not in whole cents"),
		(lambda: make_bill(PurchaseLine(1, D(-1), account="Checking")), "no negative bill"),
		(lambda: make_bill(party="Nobody"), 'Vendor: "Nobody" is not in QuickBooks yet'),
		(lambda: make_bill(doc_number="x" * 22), "Vendor's Number: 22 characters are too many"),
		(lambda: make_bill(currency="EUR"), "EUR needs multicurrency"),
	),
)
def test_refusals(bill, said):
	assert said in str(refuse(bill()))


def test_recoverable_tax_has_no_place_in_the_us():
	assert "Tick Tax Is Part of the Cost" in str(refuse(make_bill(tax=D("4.80"))))


def test_what_cannot_be_recorded_says_why_and_what_to_do():
	reason = refuse(make_bill(cannot="it is billed elsewhere. Tick Never Send."))
	assert str(reason) == "RC-2026-00031 was not sent: it is billed elsewhere. Tick Never Send."
