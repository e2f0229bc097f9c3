"""python-quickbooks drives the lists that have a life of their own, reports, preferences and signatures."""

import base64
import hashlib
import hmac
from importlib import import_module

import pytest
from every_kind import Stage
from quickbooks.batch import batch_create

from qbo_emulator.reports import REPORTS

SALES, COST, ASSET = {"value": "31"}, {"value": "40"}, {"value": "11"}
MODULES = {"Class": "trackingclass"}
NEW = {
	"Account": {"Name": "Petty cash", "AccountType": "Bank", "AcctNum": "1099"},
	"Class": {"Name": "Retail"},
	"Customer": {"DisplayName": "O'Neil & Sons", "Notes": "first"},
	"Department": {"Name": "North"},
	"Employee": {"GivenName": "Ada", "FamilyName": "Byron"},
	"Item": {"Name": "Hour", "Type": "Service", "IncomeAccountRef": SALES},
	"PaymentMethod": {"Name": "Barter", "Type": "NON_CREDIT_CARD"},
	"Term": {"Name": "Net 45", "DueDays": 45},
	"Vendor": {"DisplayName": "Dukes Supply"},
}
"""The minimal bodies of lists whose records can be made inactive."""
STOCKED = {
	"Name": "Pump", "Type": "Inventory", "TrackQtyOnHand": True, "QtyOnHand": 10, "InvStartDate": "2024-01-01", "Sku": "P-1",
	"PurchaseCost": 6, "IncomeAccountRef": SALES, "ExpenseAccountRef": COST, "AssetAccountRef": ASSET,
}  # fmt: skip


def find_class(kind: str) -> type:
	return getattr(import_module(f"quickbooks.objects.{MODULES.get(kind, kind.lower())}"), kind)


@pytest.mark.parametrize("kind", NEW)
def test_emulator_python_quickbooks_life_of_a_list_record(books, client, kind):
	books.preferences(AccountingInfoPrefs={"TrackDepartments": True, "ClassTrackingPerTxnLine": True})
	entity = find_class(kind)
	before = entity.count(qb=client)
	record = entity.from_json(NEW[kind]).save(qb=client)
	assert int(record.Id) > 0 and record.Active is True
	field = next(name for name in ("DisplayName", "Name") if hasattr(record, name) and getattr(record, name))
	name = getattr(record, field)
	read = entity.get(record.Id, qb=client)
	assert getattr(read, field) == name
	setattr(read, field, f"{name} 2")
	changed = read.save(qb=client)
	assert getattr(changed, field) == f"{name} 2" and changed.SyncToken == "1"
	assert [found.Id for found in entity.filter(**{field: f"{name} 2"}, qb=client)] == [record.Id]
	assert entity.count(qb=client) == before + 1
	assert record.Id in [found.Id for found in entity.all(order_by="Id", max_results=1000, qb=client)]
	assert [found.Id for found in entity.choose([record.Id], field="Id", qb=client)] == [record.Id]
	changed.Active = False
	gone = changed.save(qb=client)
	assert gone.Active is False and getattr(gone, field).endswith("(deleted)")
	assert entity.count(qb=client) == before
	assert [found.Id for found in entity.where(f"Active = false AND Id = '{record.Id}'", qb=client)] == [
		record.Id
	]


def test_emulator_python_quickbooks_stocked_item_with_sku(client):
	from quickbooks.objects.item import Item

	item = Item.from_json(STOCKED).save(qb=client)
	[found] = Item.all(qb=client)  # the library asks for "*, Sku"
	assert (found.Sku, found.QtyOnHand, found.AssetAccountRef.value) == ("P-1", 10, "11")
	found.UnitPrice = 12.5
	changed = found.save(qb=client)
	assert (changed.UnitPrice, changed.QtyOnHand, changed.Id) == (12.5, 10, item.Id)


def test_emulator_python_quickbooks_batch_of_more_than_thirty(client):
	from quickbooks.objects.customer import Customer

	made = batch_create(
		[Customer.from_json({"DisplayName": f"C{number}"}) for number in range(65)], qb=client
	)
	assert len(made.successes) == 65 and made.faults == [] and Customer.count(qb=client) == 65
	again = batch_create([Customer.from_json({"DisplayName": "C1"})], qb=client)
	assert again.faults[0].Error[0].code == "6240"


def test_emulator_python_quickbooks_preferences_can_be_changed(client):
	from quickbooks.objects.preferences import Preferences

	preferences = Preferences.get(qb=client)
	preferences.SalesFormsPrefs.CustomTxnNumbers = False
	assert preferences.save(qb=client).SalesFormsPrefs.CustomTxnNumbers is False


@pytest.mark.parametrize("name", REPORTS)
def test_emulator_python_quickbooks_reports(books, client, name):
	Stage(books).make_all()
	report = client.get_report(name, {"start_date": "2026-01-01", "end_date": "2026-12-31"})
	assert report["Header"]["ReportName"] == name and report["Rows"]["Row"]


def test_emulator_python_quickbooks_checks_webhook_signatures(client):
	"""The library's own check against a signature made as the emulator makes it."""
	from qbo_emulator.webhooks.payloads import sign

	body = '{"eventNotifications": []}'
	expected = base64.b64encode(hmac.new(b"verifier", body.encode(), hashlib.sha256).digest()).decode()
	assert sign(body.encode(), "verifier") == expected
	assert client.validate_webhook_signature(body, expected, "verifier") is True
	assert client.validate_webhook_signature(body, sign(body.encode(), "other"), "verifier") is False


def test_emulator_python_quickbooks_pages_through_a_list(books, client):
	from quickbooks.objects.customer import Customer

	for number in range(25):
		books.customer(f"C{number:02d}")
	names = []
	for start in (1, 11, 21):
		page = Customer.all(order_by="Id", start_position=start, max_results=10, qb=client)
		names += [customer.DisplayName for customer in page]
	assert names == [f"C{number:02d}" for number in range(25)]
