"""Clients that others wrote, unmodified: python-quickbooks 0.9.12 and intuit-oauth 1.2.6."""

import uuid

import pytest
from intuitlib.exceptions import AuthClientError
from quickbooks import exceptions
from quickbooks.objects.account import Account
from quickbooks.objects.base import CustomerMemo, EmailAddress, PhoneNumber, Ref
from quickbooks.objects.company_info import CompanyInfo
from quickbooks.objects.customer import Customer
from quickbooks.objects.department import Department
from quickbooks.objects.detailline import DiscountLine, SalesItemLine, SalesItemLineDetail
from quickbooks.objects.invoice import Invoice
from quickbooks.objects.item import Item
from quickbooks.objects.paymentmethod import PaymentMethod
from quickbooks.objects.preferences import Preferences
from quickbooks.objects.taxcode import TaxCode
from quickbooks.objects.taxrate import TaxRate
from quickbooks.objects.term import Term
from quickbooks.objects.trackingclass import Class
from quickbooks.objects.vendor import Vendor


def build_invoice(client) -> Invoice:
	customer = Customer()
	customer.DisplayName = f"Customer {uuid.uuid4().hex[:8]}"
	customer = customer.save(qb=client)
	item = Item()
	item.Name, item.Type = f"Item {uuid.uuid4().hex[:8]}", "Service"
	item.IncomeAccountRef = Ref()
	item.IncomeAccountRef.value = "34"
	item = item.save(qb=client)
	line = SalesItemLine()
	line.LineNum, line.Description, line.Amount = 1, "description", 100
	line.SalesItemLineDetail = SalesItemLineDetail()
	line.SalesItemLineDetail.ItemRef = Ref()
	line.SalesItemLineDetail.ItemRef.value = item.Id
	invoice = Invoice()
	invoice.Line.append(line)
	invoice.CustomerRef = Ref()
	invoice.CustomerRef.value = customer.Id
	invoice.CustomerMemo = CustomerMemo()
	invoice.CustomerMemo.value = "Customer Memo"
	return invoice


def test_emulator_intuit_oauth_connects_refreshes_and_revokes(auth, books):
	first = auth.access_token
	auth.refresh()
	assert auth.access_token != first and auth.x_refresh_token_expires_in > 0
	assert auth.get_user_info().status_code == 200
	assert auth.revoke(auth.refresh_token) is True
	with pytest.raises(AuthClientError) as caught:
		auth.refresh()
	assert caught.value.status_code == 400 and b"invalid_grant" in caught.value.content
	assert caught.value.intuit_tid


def test_emulator_python_quickbooks_reads_the_company(client, books):
	assert CompanyInfo.get(books.realm, qb=client).CompanyName == "Cascade & Harbor Trading Co."
	assert Preferences.get(qb=client).SalesFormsPrefs.CustomTxnNumbers is True
	for entity in (Account, Term, Class, Department, PaymentMethod, TaxCode, TaxRate):
		rows = entity.all(qb=client)
		assert rows and entity.get(rows[0].Id, qb=client).Id == rows[0].Id


def test_emulator_python_quickbooks_lists(client):
	customer = Customer()
	customer.GivenName, customer.FamilyName, customer.Notes = "Adam", "O'Neil", "note"
	customer.PrimaryPhone, customer.PrimaryEmailAddr = PhoneNumber(), EmailAddress()
	customer.PrimaryPhone.FreeFormNumber, customer.PrimaryEmailAddr.Address = "555-555-5555", "a@example.com"
	customer = customer.save(qb=client)
	assert Customer.filter(DisplayName="Adam O'Neil", qb=client)[0].Id == customer.Id
	assert Customer.choose([customer.Id, "999"], field="Id", qb=client)[0].Notes == "note"
	assert Customer.where("Active = True AND FamilyName LIKE 'O%'", order_by="FamilyName DESC", qb=client)
	customer.Notes = "changed"
	assert customer.save(qb=client).Notes == "changed"
	assert Customer.count("Active = true", qb=client) == 1
	vendor = Vendor()
	vendor.DisplayName = "Vendor"
	assert vendor.save(qb=client).Id
	item = Item.filter(Active=True, qb=client)
	assert item == []


def test_emulator_python_quickbooks_invoice_life(client, books):
	"""Its objects send every default: empty strings, zeros, empty lists."""
	invoice = build_invoice(client).save(qb=client)
	assert (invoice.TotalAmt, invoice.Balance, invoice.CustomerMemo.value) == (100, 100, "Customer Memo")
	invoice.CustomerMemo.value = "changed"
	assert invoice.save(qb=client).CustomerMemo.value == "changed"
	fresh = Invoice.get(invoice.Id, qb=client)
	assert fresh.void(qb=client)["Invoice"]["TotalAmt"] == 0
	Invoice.get(invoice.Id, qb=client).delete(qb=client)
	assert Invoice.query(f"select * from Invoice where id = '{invoice.Id}'", qb=client) == []
	with pytest.raises(exceptions.ObjectNotFoundException):
		Invoice.get(invoice.Id, qb=client)
	assert books.balances() == {}


def test_emulator_python_quickbooks_create_idempotence(client):
	"""Its own live test: two creates with one requestid return one Id."""
	invoice = build_invoice(client)
	requestid = str(uuid.uuid4())
	first = invoice.save(qb=client, request_id=requestid)
	invoice.Id = None
	assert invoice.save(qb=client, request_id=requestid).Id == first.Id
	assert Invoice.count(qb=client) == 1


def test_emulator_python_quickbooks_decimals_go_as_strings(client):
	from decimal import Decimal

	client.use_decimal = True
	invoice = build_invoice(client)
	invoice.Line[0].Amount = Decimal("10.50")
	invoice.Line.append(DiscountLine())
	invoice.Line[1].Amount = Decimal("0.50")
	saved = invoice.save(qb=client)
	assert saved.TotalAmt == Decimal("10") and len(saved.Line) == 3


def test_emulator_python_quickbooks_exceptions(client):
	first = build_invoice(client)
	first.DocNumber = "SD-1"
	first.save(qb=client)
	again = build_invoice(client)
	again.DocNumber = "SD-1"
	with pytest.raises(exceptions.QuickbooksException) as caught:
		again.save(qb=client)
	assert caught.value.error_code == 6140 and "TxnId=" in caught.value.detail
	with pytest.raises(exceptions.ValidationException):
		Invoice.query("select * from Nothing", qb=client)
	with pytest.raises(exceptions.AuthorizationException) as caught:  # what the library makes of code 400
		client.batch_operation('{"BatchItemRequest": []}')
	assert caught.value.error_code == 400


def test_emulator_python_quickbooks_report(client):
	build_invoice(client).save(qb=client)
	report = client.get_report("TrialBalance")
	assert report["Rows"]["Row"][-1]["Summary"]["ColData"][1]["value"] == "100.00"


def test_emulator_python_quickbooks_expired_token_is_401(client, books):
	books.advance(3601)
	with pytest.raises(exceptions.AuthorizationException) as caught:
		Invoice.get("1", qb=client)
	assert caught.value.error_code == 401
