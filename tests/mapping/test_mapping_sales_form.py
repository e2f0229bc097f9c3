"""A shipped sale as an Invoice: golden payloads, refusals that name row and field, sums that hold for any numbers."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import ROUND_DOWN, Context, Decimal, localcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st
from provisions import FULL_HEAD, GB, MARKER, REFERENCES, US, US_PLAIN, check_golden, make_line, make_sale

from allorders_qb.mapping.comparison import compare_sales_form
from allorders_qb.mapping.errors import MappingError
from allorders_qb.mapping.payload import dump_payload
from allorders_qb.mapping.posting import Address
from allorders_qb.mapping.sales_form import build_sales_form, list_needed
from allorders_qb.money import line_amount, round_half_up

LABELS = make_line(
	item="LABEL", quantity="10000", unit_price="0.0425", discount="8.333", description="Labels"
)


def build(sale, company=US, **options):
	return build_sales_form(sale, REFERENCES, company, MARKER, **options)


def refuse(sale, company=US, **options) -> MappingError:
	with pytest.raises(MappingError) as caught:
		build(sale, company, **options)
	assert str(caught.value).startswith("SD-2026-00117")
	return caught.value


# Golden payloads -----------------------------------------------------------------------------------------------------


def test_plain_invoice():
	company = replace(US, custom_fields={"p.o. number": "1", "sales rep": "2"})
	check_golden("invoice_plain", build(make_sale(**FULL_HEAD), company))


def test_discounted_lines():
	sale = make_sale(
		make_line(discount="5"),
		make_line(row=2, item="CUP-12", unit_price="4.99", discount="100", class_name="Wholesale"),
	)
	check_golden("invoice_discount", build(sale, replace(US, tracks_classes_per_line=True)))


def test_discount_that_has_no_net_price_to_the_cent():
	payload = build(make_sale(LABELS), discount_item="Discount")
	assert [line["Amount"] for line in payload["Line"]] == [Decimal("425.00"), Decimal("-35.42")]
	check_golden("invoice_negative_line", payload)


def test_freight_on_the_shipping_line():
	check_golden("invoice_freight_shipping_line", build(make_sale(freight="32.38"), freight_item="Freight"))


def test_freight_as_an_item():
	company = replace(US, allow_shipping=False)
	check_golden("invoice_freight_item", build(make_sale(freight="32.38"), company, freight_item="Freight"))


def test_foreign_currency():
	sale = make_sale(party="Bäckerei Nord", currency="EUR", exchange_rate=Decimal("1.0853"))
	check_golden("invoice_multicurrency", build(sale, replace(US_PLAIN, multicurrency=True)))


def test_numbers_given_by_quickbooks():
	payload = build(make_sale(po_number="PO-4711"), replace(US, custom_txn_numbers=False))
	assert "DocNumber" not in payload
	check_golden("invoice_custom_numbers_off", payload)


def test_british_company():
	sale = make_sale(
		make_line(tax_code="20.0% S"), freight="5.00", party='Bob\'s "Best" Bakery', currency="GBP"
	)
	check_golden("invoice_british", build(sale, GB))


# Amounts, for any numbers --------------------------------------------------------------------------------------------

QUANTITIES = st.decimals("0.000001", "99999", places=6) | st.integers(1, 100_000).map(Decimal)
PRICES = st.decimals("0", "99999", places=7) | st.decimals("0", "999", places=2)
DISCOUNTS = st.decimals("0", "100", places=3) | st.sampled_from([Decimal(0), Decimal(10), Decimal(100)])


@given(
	numbers=st.lists(st.tuples(QUANTITIES, PRICES, DISCOUNTS), min_size=1, max_size=6),
	freight=st.decimals("0", "500", places=2),
)
def test_lines_sum_to_ours_and_each_amount_is_its_quantity_times_its_price(numbers, freight):
	lines = tuple(
		make_line(row=row, quantity=str(quantity), unit_price=str(price), discount=str(discount))
		for row, (quantity, price, discount) in enumerate(numbers, start=1)
	)
	sale = make_sale(*lines, freight=str(freight))
	payload = build(sale, discount_item="Discount")
	assert sum(line["Amount"] for line in payload["Line"]) == sale.total
	for line in payload["Line"]:
		detail = line["SalesItemLineDetail"]
		assert line["Amount"] == round_half_up(line["Amount"])
		assert ("Qty" in detail) == ("UnitPrice" in detail)
		if "Qty" in detail:
			with localcontext(Context(prec=60)):
				assert line["Amount"] == round_half_up(detail["Qty"] * detail["UnitPrice"])
			assert detail["UnitPrice"] == round_half_up(detail["UnitPrice"], 7)


@given(quantity=QUANTITIES, price=PRICES, discount=DISCOUNTS)
def test_full_line_and_negative_line_make_our_amount(quantity, price, discount):
	line = make_line(quantity=str(quantity), unit_price=str(price), discount=str(discount))
	built = build(make_sale(line), discount_item="Discount")["Line"]
	assert sum(part["Amount"] for part in built) == line.amount
	if len(built) == 2:
		assert built[0]["Amount"] == line_amount(quantity, price)
		assert built[1]["Amount"] < 0


def test_a_strange_decimal_context_changes_nothing():
	expected = dump_payload(build(make_sale(LABELS), discount_item="Discount"))
	with localcontext(Context(prec=6, rounding=ROUND_DOWN)):
		assert dump_payload(build(make_sale(LABELS), discount_item="Discount")) == expected


# What is refused, and how it is told -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
	("line", "field", "words"),
	[
		(make_line(quantity="0"), "Quantity", "not above zero"),
		(make_line(quantity="-1"), "Quantity", "not above zero"),
		(make_line(discount="100.5"), "Discount %", "between 0 and 100"),
		(make_line(discount="-1"), "Discount %", "between 0 and 100"),
		(make_line(unit_price="1.12345678"), "Unit Price", "more than 7 decimals"),
		(make_line(amount=Decimal("216.01")), "Amount", "which is 216.00"),
		(make_line(item="GHOST"), "Item", '"GHOST" is not in QuickBooks yet'),
		(make_line(class_name="Retail"), "Class", '"Retail" is not in QuickBooks yet'),
		(make_line(tax_code="California"), "Tax Code", "Choose TAX or NON"),
		(make_line(description="x" * 4001), "Description", "Shorten it by 1"),
	],
)
def test_a_bad_row_is_named(line, field, words):
	error = refuse(make_sale(replace(line, row=3)), replace(US, tracks_classes_per_line=True))
	assert (error.row, error.field) == (3, field)
	assert "row 3" in str(error) and field in str(error) and words in str(error)


@pytest.mark.parametrize(
	("values", "field"),
	[
		({"party": "Stranger"}, "Customer"),
		({"terms": "Net 99"}, "Terms"),
		({"total": Decimal("1.00")}, "Total"),
		({"freight": Decimal("-1"), "total": Decimal("232.48")}, "Freight"),
		({"currency": "EUR"}, "Currency"),
		({"doc_number": "SD-2026-00117-AND-MORE"}, "Number"),
		({"customer_note": "x" * 1001}, "Customer Note"),
		({"private_note": "x" * 4001}, "Private Note"),
		({"ship_method": "x" * 32}, "Ship Method"),
		({"tracking_number": "x" * 32}, "Tracking Number"),
		({"bill_to": Address(line1="x" * 501)}, "Bill To Line 1"),
		({"ship_to": Address(postal_code="9" * 31)}, "Ship To Postal Code"),
	],
)
def test_a_bad_head_field_is_named(values, field):
	error = refuse(make_sale(**values))
	assert (error.field, error.row) == (field, None)
	assert field in str(error)


def test_a_document_without_lines_or_with_too_many():
	assert refuse(replace(make_sale(), lines=(), total=Decimal(0))).field == "Lines"
	many = tuple(make_line(row=row) for row in range(1, 752))
	assert "750" in str(refuse(make_sale(*many)))
	assert len(build(make_sale(*many[:750]))["Line"]) == 750


def test_a_negative_invoice_is_refused():
	assert "customer return" in str(refuse(make_sale(make_line(unit_price="-1"))))


def test_items_that_settings_must_name():
	no_shipping = replace(US, allow_shipping=False)
	assert "AO Settings" in str(refuse(make_sale(freight="5"), no_shipping))
	assert refuse(make_sale(freight="5"), no_shipping, freight_item="Unsent").field == "Freight Item"
	error = refuse(make_sale(LABELS))
	assert (error.field, error.row) == ("Discount Item", 1)


def test_currency_needs_a_rate():
	multi = replace(US, multicurrency=True)
	assert refuse(make_sale(currency="EUR", exchange_rate=Decimal(0)), multi).field == "Exchange Rate"
	home = build(make_sale(exchange_rate=Decimal(7)), multi)
	assert (home["CurrencyRef"], home["ExchangeRate"]) == ({"value": "USD"}, Decimal(1))


# Tax -------------------------------------------------------------------------------------------------------------------


def get_tax_codes(payload) -> list[str | None]:
	return [(line["SalesItemLineDetail"].get("TaxCodeRef") or {}).get("value") for line in payload["Line"]]


def test_us_lines_bear_tax_or_non():
	sale = make_sale(make_line(tax_code="TAX"), make_line(row=2, tax_code="NON"), make_line(row=3))
	payload = build(sale)
	assert get_tax_codes(payload) == ["TAX", "NON", "NON"]
	assert "GlobalTaxCalculation" not in payload
	assert get_tax_codes(build(sale, US_PLAIN)) == [None, None, None]


def test_elsewhere_every_line_bears_a_real_code():
	pounds = {"currency": "GBP"}
	sale = make_sale(
		make_line(tax_code="20.0% S"), make_line(row=2, tax_code="20.0% S"), freight="5", **pounds
	)
	payload = build(sale, GB)
	assert payload["GlobalTaxCalculation"] == "TaxExcluded"
	assert get_tax_codes(payload) == ["2", "2", "2"]
	assert refuse(make_sale(make_line(), **pounds), GB).field == "Tax Code"
	untaxed = build(make_sale(make_line(), **pounds), replace(GB, using_sales_tax=False))
	assert (untaxed["GlobalTaxCalculation"], get_tax_codes(untaxed)) == ("NotApplicable", [None])


def test_freight_among_mixed_codes_needs_its_own():
	sale = make_sale(
		make_line(tax_code="20.0% S"), make_line(row=2, tax_code="0.0% Z"), freight="5", currency="GBP"
	)
	assert refuse(sale, GB).field == "Freight"
	assert get_tax_codes(build(sale, GB, freight_tax_code="20.0% S")) == ["2", "4", "2"]


# Head and texts --------------------------------------------------------------------------------------------------------


def test_po_number_and_sales_rep_go_where_the_company_has_a_place():
	sale = make_sale(po_number="PO-4711", sales_rep="Ann Fisher", private_note="Dock 4")
	assert build(sale)["PrivateNote"] == f"P.O. number: PO-4711\nSales rep: Ann Fisher\nDock 4\n{MARKER}"
	payload = build(sale, replace(US, custom_fields={"sales rep": "2", "customer po #": "3"}))
	assert payload["CustomField"] == [
		{"DefinitionId": "3", "Type": "StringType", "StringValue": "PO-4711"},
		{"DefinitionId": "2", "Type": "StringType", "StringValue": "Ann Fisher"},
	]
	assert payload["PrivateNote"] == f"Dock 4\n{MARKER}"


def test_a_po_number_too_long_for_its_custom_field_goes_to_the_note():
	payload = build(make_sale(po_number="9" * 32), replace(US, custom_fields={"po number": "1"}))
	assert "CustomField" not in payload
	assert payload["PrivateNote"].startswith("P.O. number: 99999")


def test_empty_head_fields_are_left_out():
	payload = build(make_sale(due_date=None, bill_to=Address(), customer_note="  ", ship_method=""))
	assert set(payload) == {"CustomerRef", "TxnDate", "Line", "DocNumber", "PrivateNote"}


def test_the_marker_is_always_there():
	assert build(make_sale())["PrivateNote"] == MARKER


def test_what_a_document_needs_first():
	needed = list_needed(make_sale(freight="5", terms="Net 30"), US, "Freight", "Discount")
	assert (needed.customers, needed.items, needed.terms) == (
		{'Bob\'s "Best" Bakery'},
		{"CHAI-10", "CUP-12"},
		{"Net 30"},
	)
	needed = list_needed(
		make_sale(LABELS, freight="5"), replace(US, allow_shipping=False), "Freight", "Discount"
	)
	assert needed.items == {"LABEL", "Freight", "Discount"}
	assert list_needed(make_sale(make_line(discount="5")), US, None, "Discount").items == {"CHAI-10"}


# What QuickBooks made of it --------------------------------------------------------------------------------------------


def echo(sale, company=US, tax="0", **changes):
	"""The answer of a QuickBooks that does as it is told: numbers as Decimal, a subtotal line, its own tax."""
	payload = build(sale, company, discount_item="Discount", freight_item="Freight")
	subtotal = {"Amount": sale.total, "DetailType": "SubTotalLineDetail", "SubTotalLineDetail": {}}
	return {
		**payload,
		"Id": "145",
		"Line": [*payload["Line"], subtotal],
		"TxnTaxDetail": {"TotalTax": Decimal(tax)},
		"TotalAmt": sale.total + Decimal(tax),
		**changes,
	}


@pytest.mark.parametrize("lines", [(), (LABELS,)])
def test_an_invoice_as_we_sent_it_does_not_differ(lines):
	sale = make_sale(*lines, freight="7.50")
	comparison = compare_sales_form(sale, US, echo(sale, tax="17.85"))
	assert (comparison.differs, comparison.reason) == (False, None)
	assert (comparison.tax, comparison.total, comparison.net) == (
		Decimal("17.85"),
		sale.total + Decimal("17.85"),
		sale.total,
	)


def test_one_cent_differs_and_is_told():
	sale = make_sale()
	comparison = compare_sales_form(sale, US, echo(sale, TotalAmt=sale.total + Decimal("0.01")))
	assert comparison.differs
	assert "difference 0.01" in comparison.reason


def test_missing_lines_and_totals_differ():
	sale = make_sale()
	answer = echo(sale)
	assert compare_sales_form(sale, US, {**answer, "Line": answer["Line"][1:]}).differs
	assert compare_sales_form(sale, US, {**answer, "TotalAmt": None}).differs
	changed = [{**answer["Line"][0], "Amount": Decimal("1.00")}, *answer["Line"][1:]]
	assert "add up to" in compare_sales_form(sale, US, {**answer, "Line": changed}).reason


def test_another_currency_or_rate_differs():
	multi = replace(US_PLAIN, multicurrency=True)
	sale = make_sale(currency="EUR", exchange_rate=Decimal("1.0853"))
	assert not compare_sales_form(sale, multi, echo(sale, multi)).differs
	assert "exchange rate 1" in compare_sales_form(sale, multi, echo(sale, multi, ExchangeRate=1)).reason
	assert "in USD" in compare_sales_form(sale, multi, echo(sale, multi, CurrencyRef={"value": "USD"})).reason


def test_floats_and_texts_of_a_stored_answer_compare_as_well():
	sale = make_sale(make_line(quantity="3", unit_price="0.1"))
	answer = echo(sale, TotalAmt=0.3, TxnTaxDetail={"TotalTax": "0"})
	answer["Line"] = [{**line, "Amount": 0.3} for line in answer["Line"]]
	assert not compare_sales_form(sale, US, answer).differs


def test_dates():
	payload = build(make_sale(posting_date=date(2026, 1, 5), due_date=date(2026, 2, 4)))
	assert (payload["TxnDate"], payload["DueDate"]) == ("2026-01-05", "2026-02-04")


# The other sales forms -------------------------------------------------------------------------------------------------


def test_sales_receipt():
	sale = make_sale(
		**FULL_HEAD,
		kind="sales_receipt",
		payment_account="Checking",
		payment_method="Check",
		payment_reference="4711",
		department="Portland",
	)
	payload = build(sale, replace(US, tracks_departments=True))
	assert "DueDate" not in payload and "SalesTermRef" not in payload
	check_golden("sales_receipt", payload)


def test_credit_memo():
	payload = build(make_sale(**FULL_HEAD, kind="credit_memo"))
	assert not {"DueDate", "ShipDate", "TrackingNum", "ShipMethodRef"} & set(payload)
	check_golden("credit_memo", payload)


def test_refund_receipt():
	check_golden("refund_receipt", build(make_sale(kind="refund_receipt", payment_account="Checking")))


def test_a_refund_names_its_account():
	error = refuse(make_sale(kind="refund_receipt"))
	assert "Refund From is empty" in str(error)


def test_our_own_tax_is_sent_and_compared():
	sale = make_sale(tax=Decimal("19.30"))
	assert build(sale)["TxnTaxDetail"] == {"TotalTax": Decimal("19.30")}
	assert "sales tax is switched off" in str(refuse(sale, US_PLAIN))
	assert not compare_sales_form(sale, US, echo(sale, tax="19.30")).differs
	assert (
		"QuickBooks has 19.31 of tax, ours is 19.30"
		in compare_sales_form(sale, US, echo(sale, tax="19.31")).reason
	)


def test_one_class_for_the_whole_transaction():
	company = replace(US, tracks_classes_per_transaction=True)
	payload = build(make_sale(make_line(class_name="Wholesale")), company)
	assert payload["ClassRef"] == {"value": "5000000000000012345"}
	assert "ClassRef" not in payload["Line"][0]["SalesItemLineDetail"]


def test_locations_only_where_they_are_tracked():
	assert "does not track locations" in str(refuse(make_sale(department="Portland")))
