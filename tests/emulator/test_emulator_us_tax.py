"""US sales tax: several rates, the override spread over them, the engine's state of destination, the older model."""

import json

import pytest


@pytest.fixture
def taxed_books(start_process, open_books, tmp_path, shipped_company):
	"""A wholesaler whose own code has a state and a city rate, and that has no nexus in Oregon."""
	company = shipped_company("us_wholesaler")
	company["tax_rates"] = [
		{"Id": "3", "Name": "State", "RateValue": 6.5, "AgencyRef": {"value": "1"}},
		{"Id": "4", "Name": "City", "RateValue": 3.8, "AgencyRef": {"value": "1"}},
	]
	details = [{"TaxRateRef": {"value": rate}, "TaxOrder": 0} for rate in ("3", "4")]
	company["tax_codes"][3]["SalesTaxRateList"]["TaxRateDetail"] = details
	california = {"TaxRateDetail": [{"TaxRateRef": {"value": "4"}}]}
	company["tax_codes"].append({"Id": "5", "Name": "California", "SalesTaxRateList": california})
	company["automated_sales_tax"] = {"tax_code": "2", "by_state": {"OR": None, "CA": "5"}}
	path = tmp_path / "company.json"
	path.write_text(json.dumps(company))
	return open_books(start_process("--company", str(path), "--knob", "throttle.enabled=false"))


def make_invoice(books, **more) -> dict:
	line = books.line(books.item(), 100, TaxCodeRef={"value": "TAX"})
	return books.invoice(line, **more)["TxnTaxDetail"]


def test_emulator_us_tax_has_a_line_for_each_rate(taxed_books):
	detail = make_invoice(taxed_books)
	assert detail["TotalTax"] == 10.3
	assert [line["Amount"] for line in detail["TaxLine"]] == [6.5, 3.8]


def test_emulator_us_total_tax_is_honoured_and_prorated(taxed_books):
	"""An explicit TxnTaxDetail.TotalTax is honoured and prorated over the rates."""
	detail = make_invoice(taxed_books, TxnTaxDetail={"TotalTax": 5})
	assert detail["TotalTax"] == 5
	assert [line["Amount"] for line in detail["TaxLine"]] == [3.16, 1.84]
	invoice = taxed_books.query("select * from Invoice")["Invoice"][0]
	note = {"Id": invoice["Id"], "SyncToken": "0", "sparse": True, "PrivateNote": "x"}
	assert taxed_books.make("invoice", note)["TxnTaxDetail"]["TotalTax"] == 5


@pytest.mark.parametrize(("state", "tax"), [("WA", 10.3), ("CA", 3.8), ("OR", 0)])
def test_emulator_us_engine_goes_by_the_state_shipped_to(taxed_books, state, tax):
	detail = make_invoice(taxed_books, ShipAddr={"Line1": "1 Main", "CountrySubDivisionCode": state})
	assert detail["TotalTax"] == tax


def test_emulator_us_older_model_takes_the_code_that_is_sent(taxed_books):
	taxed_books.preferences(TaxPrefs={"PartnerTaxEnabled": False})
	line = taxed_books.line(taxed_books.item(), 100, TaxCodeRef={"value": "TAX"})
	customer = taxed_books.customer()
	for code, tax in (("5", 3.8), ("2", 10.3)):
		made = taxed_books.invoice(line, customer=customer, TxnTaxDetail={"TxnTaxCodeRef": {"value": code}})
		assert made["TxnTaxDetail"]["TotalTax"] == tax
	body = taxed_books.invoice_body(line, customer=customer)
	for code, fault in (("99", "2500"), ("CustomSalesTax", "6160")):
		sent = {**body, "TxnTaxDetail": {"TxnTaxCodeRef": {"value": code}}}
		taxed_books.refuse(taxed_books.post("invoice", sent), fault)


def test_emulator_us_without_sales_tax_stores_no_tax_detail(taxed_books):
	taxed_books.preferences(TaxPrefs={"UsingSalesTax": False})
	line = taxed_books.line(taxed_books.item(), 100, TaxCodeRef={"value": "TAX"})
	made = taxed_books.invoice(line, TxnTaxDetail={"TotalTax": 9}, GlobalTaxCalculation="TaxExcluded")
	assert made["TotalAmt"] == 100 and "TxnTaxDetail" not in made and "GlobalTaxCalculation" not in made
