"""python-quickbooks drives every transaction it knows through its life: made, read, changed, found, voided, deleted.

Its objects send every default (empty strings, zeros, empty lists) and send back all that they read.
"""

from datetime import datetime, timezone
from importlib import import_module

import pytest
from every_kind import Stage
from quickbooks import QuickBooks, exceptions
from quickbooks.batch import batch_create, batch_delete, batch_update
from quickbooks.mixins import DeleteMixin
from quickbooks.objects.base import QuickbooksManagedObject, QuickbooksTransactionEntity

DAY = "2026-03-05"
KINDS = (
	"Bill", "BillPayment", "CreditMemo", "Deposit", "Estimate", "Invoice", "JournalEntry", "Payment", "Purchase", "PurchaseOrder",
	"RefundReceipt", "SalesReceipt", "Transfer", "VendorCredit", "InventoryAdjustment",
)  # fmt: skip
VOIDED_BY_THE_LIBRARY = ("Invoice", "Payment", "SalesReceipt", "BillPayment")


class InventoryAdjustment(DeleteMixin, QuickbooksManagedObject, QuickbooksTransactionEntity):
	"""Not in the library; this is how one adds it."""

	qbo_object_name = "InventoryAdjustment"


def find_class(kind: str) -> type:
	"""Return the library's class of an entity."""
	if kind == "InventoryAdjustment":
		return InventoryAdjustment
	return getattr(import_module(f"quickbooks.objects.{kind.lower()}"), kind)


@pytest.fixture
def stage(books, client, monkeypatch):
	monkeypatch.setattr(
		QuickBooks, "_BUSINESS_OBJECTS", [*QuickBooks._BUSINESS_OBJECTS, "InventoryAdjustment"]
	)
	return Stage(books)


def build(stage: Stage, kind: str):
	"""Return an unsaved object of the library; what it settles is made first."""
	bodies = dict(stage.list_bodies(DAY))
	if kind == "Payment":
		invoice = stage.make("Invoice", bodies["Invoice"], DAY)
		line = {"Amount": 10, "LinkedTxn": [{"TxnId": invoice["Id"], "TxnType": "Invoice"}]}
		body = {"CustomerRef": stage.ref(stage.customer), "TotalAmt": 15, "Line": [line]}
	elif kind == "BillPayment":
		bill = stage.make("Bill", bodies["Bill"], DAY)
		line = {"Amount": 10, "LinkedTxn": [{"TxnId": bill["Id"], "TxnType": "Bill"}]}
		check = {"BankAccountRef": stage.ref("1")}
		body = {
			"VendorRef": stage.ref(stage.vendor),
			"TotalAmt": 10,
			"PayType": "Check",
			"CheckPayment": check,
			"Line": [line],
		}
	elif kind == "Deposit":
		detail = {"AccountRef": stage.ref("31")}
		line = {"Amount": 8, "DetailType": "DepositLineDetail", "DepositLineDetail": detail}
		body = {"DepositToAccountRef": stage.ref("1"), "Line": [line]}
	else:
		body = bodies[kind]
	return find_class(kind).from_json({"TxnDate": DAY, "PrivateNote": "first", **body})


def list_postings(books, kind: str, identifier: str) -> list[tuple]:
	entries = books.control("GET", "ledger", entity=kind, id=identifier)["entries"]
	return sorted((entry["account"]["name"], entry["debit"], entry["credit"]) for entry in entries)


@pytest.mark.parametrize("kind", KINDS)
def test_emulator_python_quickbooks_life_of_a_transaction(stage, books, client, kind):
	entity = find_class(kind)
	saved = build(stage, kind).save(qb=client)
	assert int(saved.Id) > 0 and saved.SyncToken == "0" and saved.PrivateNote == "first"
	posted = list_postings(books, kind, saved.Id)
	assert posted or kind in ("Estimate", "PurchaseOrder")
	read = entity.get(saved.Id, qb=client)
	assert read.TxnDate == DAY
	read.PrivateNote = "second"
	if kind == "InventoryAdjustment":
		read.sparse = True  # Intuit: "update must be sparse"
	changed = read.save(qb=client)
	assert (changed.PrivateNote, changed.SyncToken) == ("second", "1")
	assert list_postings(books, kind, saved.Id) == posted, "sending back what was read changed the books"
	assert [found.Id for found in entity.where(f"Id = '{saved.Id}'", qb=client)] == [saved.Id]
	assert [found.Id for found in entity.filter(TxnDate=DAY, qb=client) if found.Id == saved.Id] == [saved.Id]
	assert entity.count(qb=client) >= 1
	assert saved.Id in [found.Id for found in entity.all(order_by="Id", qb=client)]
	entity.get(saved.Id, qb=client).delete(qb=client)
	with pytest.raises(exceptions.ObjectNotFoundException):
		entity.get(saved.Id, qb=client)
	assert list_postings(books, kind, saved.Id) == []


@pytest.mark.parametrize("kind", VOIDED_BY_THE_LIBRARY)
def test_emulator_python_quickbooks_voids(stage, books, client, kind):
	saved = build(stage, kind).save(qb=client)
	answer = find_class(kind).get(saved.Id, qb=client).void(qb=client)
	assert answer[kind]["TotalAmt"] == 0 and answer[kind]["PrivateNote"].startswith("Voided")
	assert list_postings(books, kind, saved.Id) == []


@pytest.mark.parametrize("kind", KINDS)
def test_emulator_python_quickbooks_batches(stage, books, client, kind):
	"""Create two and a bad one, change both, delete both. Its item ids are 36 characters long and go without requestid."""
	good = [build(stage, kind), build(stage, kind)]
	bad = find_class(kind)()
	made = batch_create([*good, bad], qb=client)
	assert len(made.successes) == 2 and len(made.faults) == 1, [
		fault.Error[0].Detail for fault in made.faults
	]
	assert made.faults[0].original_object is bad
	for found in made.successes:
		found.PrivateNote = "in a batch"
		found.sparse = kind == "InventoryAdjustment"
	changed = batch_update(made.successes, qb=client)
	assert [found.PrivateNote for found in changed.successes] == ["in a batch"] * 2
	gone = batch_delete(changed.successes, qb=client)
	assert gone.faults == [] and len(gone.successes) == 2


@pytest.mark.parametrize("kind", ("Invoice", "Estimate", "SalesReceipt", "CreditMemo"))
def test_emulator_python_quickbooks_pdf(stage, client, kind):
	saved = build(stage, kind).save(qb=client)
	assert client.download_pdf(kind, saved.Id).startswith(b"%PDF-")


@pytest.mark.parametrize("kind", ("Invoice", "Estimate"))
def test_emulator_python_quickbooks_sends(stage, client, kind):
	"""The library sends with sendTo, or to the address of the document."""
	saved = build(stage, kind).save(qb=client)
	answer = saved.send(qb=client, send_to="someone@example.com")
	assert answer[kind]["EmailStatus"] == "EmailSent"
	assert answer[kind]["DeliveryInfo"]["DeliveryType"] == "Email"


def test_emulator_python_quickbooks_links_by_its_own_helper(stage, books, client):
	"""``to_linked_txn`` gives TxnLineId 1 whatever it links to."""
	from quickbooks.objects.payment import Payment, PaymentLine

	invoice = build(stage, "Invoice").save(qb=client)
	payment = Payment()
	payment.CustomerRef = invoice.CustomerRef
	payment.TotalAmt = invoice.TotalAmt
	line = PaymentLine()
	line.Amount = invoice.TotalAmt
	line.LinkedTxn.append(invoice.to_linked_txn())
	payment.Line.append(line)
	saved = payment.save(qb=client)
	assert books.read("invoice", invoice.Id)["Balance"] == 0 and saved.UnappliedAmt == 0


def test_emulator_python_quickbooks_changes_since_yesterday(stage, books, client):
	"""Change data capture over several classes, with one deleted."""
	from quickbooks.cdc import change_data_capture

	kinds = ("Invoice", "Bill", "Estimate")
	now = books.session.get(f"{books.url}/_control/clock").json()["now"]
	since = datetime.fromtimestamp(now - 86400, timezone.utc).isoformat()
	invoice = build(stage, "Invoice").save(qb=client)
	build(stage, "Bill").save(qb=client)
	gone = build(stage, "Invoice").save(qb=client)
	gone.delete(qb=client)
	changes = change_data_capture([find_class(kind) for kind in kinds], since, qb=client)
	states = {found.Id: getattr(found, "status", None) for found in changes.Invoice._object_list}
	assert states == {invoice.Id: None, gone.Id: "Deleted"}
	assert len(changes.Bill._object_list) == 1 and not hasattr(changes, "Estimate")


def test_emulator_python_quickbooks_pays_a_credit_card(books, client):
	"""Its address is creditcardpayment, its record CreditCardPaymentTxn."""
	from quickbooks.objects.creditcardpayment_entity import CreditCardPayment

	body = {
		"BankAccountRef": {"value": "1"},
		"CreditCardAccountRef": {"value": "21"},
		"Amount": 12.5,
		"TxnDate": DAY,
	}
	made = CreditCardPayment.from_json(body).save(qb=client)
	assert CreditCardPayment.get(made.Id, qb=client).Amount == 12.5
	assert [found.Id for found in CreditCardPayment.all(qb=client)] == [made.Id]
	assert books.balances() == {"Checking": "-12.50", "Company Credit Card": "12.50"}
	made.Memo = "changed"
	changed = made.save(qb=client)
	assert changed.Memo == "changed"
	changed.delete(qb=client)
	assert CreditCardPayment.count(qb=client) == 0 and books.balances() == {}
