"""What is read from CompanyInfo and Preferences."""

from __future__ import annotations

from datetime import date

from allorders_qb.mapping.company import read_company_profile

PREFERENCES = {
	"AccountingInfoPrefs": {"BookCloseDate": "2026-06-30"},
	"SalesFormsPrefs": {
		"CustomTxnNumbers": True,
		"AllowShipping": False,
		"CustomField": [
			{
				"CustomField": [
					{"Name": "SalesFormsPrefs.UseSalesCustom3", "Type": "BooleanType", "BooleanValue": False},
					{"Name": "SalesFormsPrefs.UseSalesCustom2", "Type": "BooleanType", "BooleanValue": True},
					{"Name": "SalesFormsPrefs.UseSalesCustom1", "Type": "BooleanType", "BooleanValue": True},
				]
			},
			{
				"CustomField": [
					{
						"Name": "SalesFormsPrefs.SalesCustomName1",
						"Type": "StringType",
						"StringValue": "P.O. Number",
					},
					{
						"Name": "SalesFormsPrefs.SalesCustomName2",
						"Type": "StringType",
						"StringValue": " Sales Rep ",
					},
					{
						"Name": "SalesFormsPrefs.SalesCustomName3",
						"Type": "StringType",
						"StringValue": "Unused",
					},
				]
			},
		],
	},
	"TaxPrefs": {"UsingSalesTax": True, "PartnerTaxEnabled": True},
	"CurrencyPrefs": {"MultiCurrencyEnabled": True, "HomeCurrency": {"value": "USD"}},
	"OtherPrefs": {"NameValue": [{"Name": "SalesFormsPrefs.WarnDuplicateNumber", "Value": "true"}]},
}


def test_a_company():
	profile = read_company_profile({"Country": "US"}, PREFERENCES)
	assert (profile.country, profile.home_currency, profile.is_us) == ("US", "USD", True)
	assert (profile.multicurrency, profile.custom_txn_numbers, profile.allow_shipping) == (True, True, False)
	assert (profile.using_sales_tax, profile.automated_sales_tax) == (True, True)
	assert profile.book_close_date == date(2026, 6, 30)
	assert profile.warn_duplicate_numbers is True
	assert profile.custom_fields == {"p.o. number": "1", "sales rep": "2"}


def test_a_company_that_says_nothing():
	profile = read_company_profile({}, {})
	assert (profile.home_currency, profile.is_us, profile.multicurrency) == ("USD", True, False)
	assert profile.warn_duplicate_numbers is None and profile.book_close_date is None
	assert profile.custom_fields == {}


def test_a_company_elsewhere():
	assert not read_company_profile(
		{"Country": "GB"}, {"CurrencyPrefs": {"HomeCurrency": {"value": "GBP"}}}
	).is_us


def test_the_duplicate_warning_of_invoices_is_told_from_the_others():
	def read(**warnings):
		entries = [{"Name": name, "Value": value} for name, value in warnings.items()]
		return read_company_profile({}, {"OtherPrefs": {"NameValue": entries}}).warn_duplicate_numbers

	assert read(WarnDuplicateCheckNumber="true") is None
	assert read(WarnDuplicateBillNumber="true", WarnDuplicateInvoiceNumber="false") is False
	assert read(WarnDuplicateCheckNumber="false", WarnDuplicateTransactionNumber="true") is True
