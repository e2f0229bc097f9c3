"""Tax on sales and purchases: ours prescribed rate by rate, prices that hold it, and what does not exist in the US."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from provisions import GB, MARKER, REFERENCES, US, check_golden, make_line, make_sale

from allorders_qb.mapping.comparison import compare_purchase, compare_sales_form
from allorders_qb.mapping.errors import MappingError
from allorders_qb.mapping.posting import PurchaseDocument, PurchaseLine, TaxShare
from allorders_qb.mapping.purchase import ITEM_LINE, build_purchase_form
from allorders_qb.mapping.purchase_tax import splits_alike
from allorders_qb.mapping.sales_form import build_sales_form

D = Decimal
POUNDS = {"currency": "GBP", "party": 'Bob\'s "Best" Bakery'}
US_BY_CODE = replace(US, automated_sales_tax=False)


def share(rate: str, percent: str, net: str, tax: str) -> TaxShare:
	return TaxShare(rate, D(percent), D(net), D(tax))


def build(sale, company=GB, **options):
	return build_sales_form(sale, REFERENCES, company, MARKER, **options)


def make_british_sale(**values):
	"""216.00 at 20 % and 17.48 at 0 %, tax on top."""
	lines = make_line(tax_code="20.0% S"), make_line(2, "CUP-12", "3.5", "4.995", tax_code="0.0% Z")
	shares = share("20.0% S (Sales)", "20", "216.00", "43.20"), share("0.0% Z (Sales)", "0", "17.48", "0.00")
	return make_sale(*lines, **POUNDS, **{"tax": D("43.20"), "tax_shares": shares, **values})


def make_sale_with_tax(kind="invoice", **values):
	"""216.00 and 5.00 freight that hold 20 %: 180.00 and 4.17 before tax."""
	return make_sale(
		make_line(tax_code="20.0% S", net=D("180.00")),
		freight="5.00",
		kind=kind,
		prices_with_tax=True,
		freight_net=D("4.17"),
		**POUNDS,
		**values,
	)


def test_our_tax_is_prescribed_rate_by_rate():
	check_golden("invoice_british_tax", build(make_british_sale()))


def assert_priced_net(payload):
	"""Intuit refuses a line whose Amount is not Qty x UnitPrice (fault 6070)."""
	details = [(line["Amount"], line["SalesItemLineDetail"]) for line in payload["Line"]]
	priced = [
		(amount, detail["Qty"] * detail["UnitPrice"]) for amount, detail in details if "UnitPrice" in detail
	]
	assert priced and all(abs(amount - product) < D("0.005") for amount, product in priced)


@pytest.mark.parametrize("kind", ["invoice", "credit_memo"])
def test_prices_with_tax_keep_net_and_gross(kind):
	sale = make_sale_with_tax(
		kind, tax=D("36.83"), tax_shares=(share("20.0% S (Sales)", "20", "184.17", "36.83"),)
	)
	payload = build(sale)
	assert payload["GlobalTaxCalculation"] == "TaxInclusive"
	line = payload["Line"][0]
	assert (line["Amount"], line["SalesItemLineDetail"]["TaxInclusiveAmt"]) == (D("180.00"), D("216.00"))
	assert_priced_net(payload)
	check_golden(f"{kind}_with_tax", payload)


def test_prices_with_tax_whose_tax_quickbooks_computes():
	payload = build(make_sale_with_tax())
	assert payload["GlobalTaxCalculation"] == "TaxInclusive" and "TxnTaxDetail" not in payload


def test_a_discount_without_a_net_price_keeps_net_and_gross_together():
	line = make_line(
		item="LABEL",
		quantity="10000",
		unit_price="0.0425",
		discount="8.333",
		tax_code="20.0% S",
		net=D("324.65"),
	)
	payload = build(make_sale(line, prices_with_tax=True, **POUNDS), discount_item="Discount")
	details = [row["SalesItemLineDetail"] for row in payload["Line"]]
	assert sum(row["Amount"] for row in payload["Line"]) == D("324.65")
	assert sum(detail["TaxInclusiveAmt"] for detail in details) == D("389.58")
	assert_priced_net(payload)


def test_freight_of_an_item_with_tax_in_it_has_a_net_price():
	sale = make_sale_with_tax()
	payload = build(sale, replace(GB, allow_shipping=False), freight_item="CUP-12")
	assert payload["Line"][-1]["SalesItemLineDetail"]["UnitPrice"] == D("4.17")
	assert_priced_net(payload)


def test_a_net_amount_that_no_price_gives_goes_without_one():
	quantity = D("999999.9")
	line = make_line(quantity=str(quantity), unit_price="0.12", tax_code="20.0% S", net=D("99999.98"))
	payload = build(make_sale(line, prices_with_tax=True, **POUNDS))
	assert "UnitPrice" not in payload["Line"][0]["SalesItemLineDetail"]


def test_a_tax_that_no_rate_has_is_refused():
	with pytest.raises(MappingError, match="Choose a tax code with a rate"):
		build(make_british_sale(tax_shares=()))


def test_a_person_overrides_the_automated_tax():
	payload = build(make_sale(make_line(tax_code="TAX"), tax=D("20.00")), US)
	assert payload["TxnTaxDetail"] == {"TotalTax": D("20.00")}
	check_golden("invoice_us_override", payload)


def test_the_older_us_model_has_one_code_in_the_head():
	sale = make_sale(make_line(tax_code="California"), make_line(2, "CUP-12", tax_code="NON"), tax=D("15.66"))
	payload = build(sale, US_BY_CODE)
	assert [line["SalesItemLineDetail"]["TaxCodeRef"]["value"] for line in payload["Line"]] == ["TAX", "NON"]
	check_golden("invoice_us_tax_code", payload)
	references = replace(REFERENCES, tax_codes={**REFERENCES.tax_codes, "Oregon": "9"})
	with pytest.raises(MappingError, match="California, Oregon, and QuickBooks has one tax rate"):
		build_sales_form(
			make_sale(make_line(tax_code="California"), make_line(2, tax_code="Oregon")),
			references,
			US_BY_CODE,
			MARKER,
		)


def test_prices_with_tax_do_not_exist_in_the_us():
	with pytest.raises(MappingError, match="do not exist in the US"):
		build(make_sale(make_line(tax_code="TAX"), prices_with_tax=True), US)


def answer(sale, tax: str, total: str, company=GB):
	payload = build(sale, company)
	return {**payload, "TxnTaxDetail": {"TotalTax": D(tax)}, "TotalAmt": D(total)}


def test_ours_is_compared_to_the_cent():
	sale = make_british_sale()
	assert not compare_sales_form(sale, GB, answer(sale, "43.20", "276.68")).differs
	reason = compare_sales_form(sale, GB, answer(sale, "43.21", "276.69")).reason
	assert "QuickBooks has 43.21 of tax, ours is 43.20 (difference 0.01)" in reason


def test_of_prices_with_tax_the_total_is_compared():
	"""Where QuickBooks computes, a cent more of tax is a cent less of income, and no difference."""
	sale = make_sale_with_tax()
	assert not compare_sales_form(sale, GB, answer(sale, "36.83", "221.00")).differs
	assert "QuickBooks has 221.01 with tax, ours is 221.00" in (
		compare_sales_form(sale, GB, answer(sale, "36.84", "221.01")).reason
	)


# Purchases -------------------------------------------------------------------------------------------------------------


def make_bill(*lines, company=GB, **values):
	document = PurchaseDocument(
		**{
			"kind": "bill",
			"source_doctype": "AO Receiver",
			"source_name": "RC-2026-00031",
			"party": "Assam & Sons",
			"posting_date": date(2026, 11, 20),
			"due_date": None,
			"doc_number": "A-7781",
			"currency": "GBP",
			"exchange_rate": D(1),
			"lines": lines,
			"total": sum((line.amount for line in lines), D(0)),
			**values,
		}
	)
	return document, build_purchase_form(document, REFERENCES, company, MARKER)


def gross_line(row: int, gross: str, net: str, quantity: str = "1", code: str = "20.0% S") -> PurchaseLine:
	return PurchaseLine(row, D(net), item="CHAI-10", quantity=D(quantity), tax_code=code, gross=D(gross))


def test_a_bill_with_tax_in_its_costs():
	shares = (share("20.0% S (Purchases)", "20", "185.00", "37.00"),)
	_document, payload = make_bill(
		gross_line(1, "222.00", "185.00", "24"), prices_with_tax=True, tax=D("37.00"), tax_shares=shares
	)
	assert payload["Line"][0][ITEM_LINE]["TaxInclusiveAmt"] == D("222.00")
	check_golden("bill_with_tax", payload)


def test_a_bill_whose_net_amounts_could_be_doubted_goes_net():
	"""0.03, 0.03 and 0.03 hold 0.005 each: a cent a line, but two cents in all where the tax is shared."""
	lines = [gross_line(row, "0.03", "0.02") for row in (1, 2, 3)] + [gross_line(4, "10.00", "8.33")]
	assert not splits_alike(lines)
	shares = (share("20.0% S (Purchases)", "20", "8.39", "1.70"),)
	document, payload = make_bill(*lines, prices_with_tax=True, tax=D("1.70"), tax_shares=shares)
	assert payload["GlobalTaxCalculation"] == "TaxExcluded"
	assert [line["Amount"] for line in payload["Line"]] == [D("0.02"), D("0.02"), D("0.02"), D("8.33")]
	assert all("TaxInclusiveAmt" not in line[ITEM_LINE] for line in payload["Line"])
	echo = {**payload, "TxnTaxDetail": {"TotalTax": D("1.70")}, "TotalAmt": D("10.09")}
	assert not compare_purchase(document, echo).differs


def test_the_tax_of_a_bill_is_compared_where_it_is_ours():
	shares = (share("20.0% S (Purchases)", "20", "185.00", "37.00"),)
	document, payload = make_bill(gross_line(1, "222.00", "185.00"), tax=D("37.00"), tax_shares=shares)
	echo = {**payload, "TxnTaxDetail": {"TotalTax": D("36.99")}, "TotalAmt": D("221.99")}
	assert "QuickBooks has 36.99 of tax, ours is 37.00" in compare_purchase(document, echo).reason


def test_a_vendor_credit_bears_its_tax():
	shares = (share("20.0% S (Purchases)", "20", "18.50", "3.70"),)
	_document, payload = make_bill(
		PurchaseLine(1, D("18.50"), item="CHAI-10", quantity=D(2), tax_code="20.0% S"),
		kind="vendor_credit",
		tax=D("3.70"),
		tax_shares=shares,
	)
	check_golden("vendor_credit_tax", payload)
