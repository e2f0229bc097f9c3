"""Tax lists and the tax service. Sources: Intuit's TaxService page; python-quickbooks for the bare answer."""


def make_code(books, name: str = "VAT20", **detail) -> dict:
	agency = books.make("taxagency", {"DisplayName": f"Agency of {name}"})
	body = {
		"TaxCode": name,
		"TaxRateDetails": [
			{
				"TaxRateName": f"{name} sales",
				"RateValue": 20,
				"TaxAgencyId": agency["Id"],
				"TaxApplicableOn": "Sales",
				**detail,
			}
		],
	}
	answer = books.post("taxservice/taxcode", body)
	assert answer.status_code == 200, answer.text
	return answer.json()


def test_emulator_tax_service_answers_bare_with_ids_as_strings(books):
	made = make_code(books)
	assert set(made) == {"TaxCode", "TaxCodeId", "TaxRateDetails"}
	detail = made["TaxRateDetails"][0]
	assert isinstance(made["TaxCodeId"], str) and isinstance(detail["TaxAgencyId"], str)
	code = books.read("taxcode", made["TaxCodeId"])
	assert code["SalesTaxRateList"]["TaxRateDetail"][0]["TaxRateRef"]["value"] == detail["TaxRateId"]
	assert code["PurchaseTaxRateList"] == {"TaxRateDetail": []}
	rate = books.read("taxrate", detail["TaxRateId"])
	assert (rate["RateValue"], rate["AgencyRef"]["value"]) == (20, detail["TaxAgencyId"])


def test_emulator_tax_service_combines_rates_that_exist(books):
	first = make_code(books)["TaxRateDetails"][0]
	body = {
		"TaxCode": "Both",
		"TaxRateDetails": [
			{"TaxRateId": first["TaxRateId"], "TaxApplicableOn": "Sales"},
			{"TaxRateId": first["TaxRateId"], "TaxApplicableOn": "Purchase"},
		],
	}
	code = books.read("taxcode", books.post("taxservice/taxcode", body).json()["TaxCodeId"])
	for name in ("SalesTaxRateList", "PurchaseTaxRateList"):
		assert [entry["TaxRateRef"]["value"] for entry in code[name]["TaxRateDetail"]] == [first["TaxRateId"]]


def test_emulator_tax_service_refuses_what_does_not_fit(books):
	make_code(books)
	detail = {"TaxRateName": "R", "RateValue": 5, "TaxAgencyId": "1"}
	for body, code in (
		({"TaxRateDetails": [detail]}, "2020"),
		({"TaxCode": "X"}, "2020"),
		({"TaxCode": "vat20", "TaxRateDetails": [detail]}, "6240"),
		({"TaxCode": "X", "TaxRateDetails": [{**detail, "TaxRateName": "VAT20 sales"}]}, "6240"),
		({"TaxCode": "X", "TaxRateDetails": [{**detail, "TaxAgencyId": "99"}]}, "2500"),
		({"TaxCode": "X", "TaxRateDetails": [{**detail, "RateValue": 101}]}, "2090"),
		({"TaxCode": "X", "TaxRateDetails": [{"TaxRateName": "R", "RateValue": 5}]}, "2020"),
		({"TaxCode": "X", "TaxRateDetails": [{"TaxRateId": "99"}]}, "2500"),
	):
		books.refuse(books.post("taxservice/taxcode", body), code)
	assert books.get("taxservice/taxcode").status_code == 400
	assert books.query("select count(*) from TaxCode where Name = 'X'")["totalCount"] == 0


def test_emulator_codes_and_rates_are_not_written_directly(books):
	for entity in ("taxcode", "taxrate"):
		books.refuse(books.post(entity, {}), "500")
	agency = books.make("taxagency", {"DisplayName": "State Board"})
	assert (agency["TaxTrackedOnSales"], agency["TaxTrackedOnPurchases"]) == (True, False)
	books.refuse(books.post("taxagency", {"DisplayName": "State Board"}), "6240")


def test_emulator_pseudo_tax_codes_come_on_top_of_maxresults(books):
	"""TAX, NON and CustomSalesTax: seen live, kept by python-quickbooks' tests."""
	assert len(books.query("select * from TaxCode maxresults 1")["TaxCode"]) == 4
	assert books.read("taxcode", "TAX")["Id"] == "TAX"
