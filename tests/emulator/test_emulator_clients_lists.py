"""python-quickbooks, unmodified, through lists, tax, files, time and templates."""

import pytest
from quickbooks import exceptions
from quickbooks.objects.account import Account
from quickbooks.objects.attachable import Attachable
from quickbooks.objects.base import AttachableRef, Ref
from quickbooks.objects.budget import Budget
from quickbooks.objects.companycurrency import CompanyCurrency
from quickbooks.objects.customertype import CustomerType
from quickbooks.objects.detailline import SalesItemLine, SalesItemLineDetail
from quickbooks.objects.employee import Employee
from quickbooks.objects.exchangerate import ExchangeRate
from quickbooks.objects.invoice import Invoice
from quickbooks.objects.recurringtransaction import (
	RecurringInfo,
	RecurringInvoice,
	RecurringTransaction,
	ScheduleInfo,
)
from quickbooks.objects.taxagency import TaxAgency
from quickbooks.objects.taxcode import TaxCode
from quickbooks.objects.taxservice import TaxRateDetails, TaxService
from quickbooks.objects.timeactivity import TimeActivity


def fill(thing, **values):
	"""Set the properties of one of the library's objects and return it."""
	for name, value in values.items():
		setattr(thing, name, value)
	return thing


def refer(value: str, kind: str | None = None) -> Ref:
	return fill(Ref(), value=value, type=kind)


def test_emulator_python_quickbooks_account(client):
	account = fill(Account(), Name="Test", AccountSubType="CashOnHand", AcctNum="12345678901").save(qb=client)
	assert account.AccountType == "Bank"
	assert fill(account, Name="Renamed").save(qb=client).FullyQualifiedName == "Renamed"


def test_emulator_python_quickbooks_tax_service(client):
	agency = fill(TaxAgency(), DisplayName="Agency").save(qb=client)
	detail = fill(TaxRateDetails(), TaxRateName="VAT10", RateValue=10, TaxAgencyId=agency.Id)
	made = fill(TaxService(), TaxCode="VAT10", TaxRateDetails=[detail]).save(qb=client)
	assert made.TaxRateDetails[0].TaxAgencyId == agency.Id
	assert (
		TaxCode.filter(Name="VAT10", qb=client)[0].SalesTaxRateList.TaxRateDetail[0].TaxRateRef.name
		== "VAT10"
	)


def test_emulator_python_quickbooks_currencies(client, books):
	books.preferences(CurrencyPrefs={"MultiCurrencyEnabled": True})
	assert fill(CompanyCurrency(), Code="EUR").save(qb=client).Name == "Euro"
	rate = fill(
		ExchangeRate(), SourceCurrencyCode="EUR", TargetCurrencyCode="USD", AsOfDate="2026-01-01", Rate=1.2
	)
	rate.save(qb=client)
	stored = ExchangeRate.where("SourceCurrencyCode = 'EUR' and AsOfDate = '2026-01-01'", qb=client)[0]
	assert fill(stored, Rate=1.3).save(qb=client).Rate == 1.3


def test_emulator_python_quickbooks_reads_what_the_owner_keeps(client, books):
	budget = {
		"Name": "2026",
		"StartDate": "2026-01-01",
		"EndDate": "2026-12-31",
		"BudgetType": "ProfitAndLoss",
	}
	books.control("POST", "records", {"entity": "Budget", "record": budget})
	assert [row.Name for row in Budget.all(qb=client)] == ["2026"]
	assert [row.Name for row in CustomerType.all(qb=client)] == ["Retailer", "Distributor"]


def test_emulator_python_quickbooks_time(client):
	employee = fill(Employee(), GivenName="Ann", FamilyName="Lee").save(qb=client)
	hours = fill(TimeActivity(), NameOf="Employee", EmployeeRef=refer(employee.Id), Hours=8, Minutes=30)
	hours = hours.save(qb=client)
	assert fill(hours, Description="Packing").save(qb=client).Description == "Packing"
	TimeActivity.get(hours.Id, qb=client).delete(qb=client)
	assert TimeActivity.all(qb=client) == []


@pytest.mark.parametrize("from_path", [False, True])
def test_emulator_python_quickbooks_attachable(client, books, tmp_path, from_path):
	content = bytes(range(256))
	(tmp_path / "file.bin").write_bytes(content)
	source = {"_FilePath": str(tmp_path / "file.bin")} if from_path else {"_FileBytes": content}
	to_vendor = fill(
		AttachableRef(), EntityRef=refer(books.make("vendor", {"DisplayName": "V"})["Id"], "Vendor")
	)
	attachment = fill(Attachable(), FileName="file.bin", ContentType="application/octet-stream", **source)
	attachment.AttachableRef.append(to_vendor)
	attachment.save(qb=client)
	stored = Attachable.get(attachment.Id, qb=client)
	assert (stored.FileName, stored.Size) == ("file.bin", 256)
	assert books.session.get(stored.TempDownloadUri).content == content
	note = fill(Attachable(), Note="first").save(qb=client)
	assert fill(note, Note="second").save(qb=client).Note == "second"
	with pytest.raises(
		exceptions.QuickbooksException
	):  # it sends Id and SyncToken, the whole object is wanted
		note.delete(qb=client)


def test_emulator_python_quickbooks_send_and_pdf(client, books):
	invoice = Invoice.get(books.invoice()["Id"], qb=client)
	assert invoice.send(qb=client, send_to="a+b@c.example")["Invoice"]["EmailStatus"] == "EmailSent"
	assert invoice.download_pdf(qb=client).startswith(b"%PDF")


def test_emulator_python_quickbooks_recurring_transaction(client, books):
	schedule = fill(
		ScheduleInfo(), IntervalType="Daily", NumInterval=10, StartDate="2026-01-01", EndDate="2026-12-31"
	)
	template = fill(
		RecurringInvoice(),
		CustomerRef=refer(books.customer()),
		RecurringInfo=fill(RecurringInfo(), Name="Every ten days", ScheduleInfo=schedule),
	)
	line = fill(SalesItemLine(), Amount=10)
	line.SalesItemLineDetail = fill(SalesItemLineDetail(), ItemRef=refer(books.item()))
	template.Line.append(line)
	saved = fill(RecurringTransaction(), Invoice=template).save(qb=client)
	assert saved.Invoice.RecurringInfo.Name == "Every ten days"
	assert RecurringTransaction.all(qb=client)[0].Invoice.Id == saved.Invoice.Id
	RecurringTransaction.get(saved.Invoice.Id, qb=client).delete(qb=client)
	assert RecurringTransaction.all(qb=client) == []
