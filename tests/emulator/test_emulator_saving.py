"""Company files: opening transactions, and saving a company so that it loads back to the same books."""

import json

import pytest
from every_kind import Stage

from qbo_emulator.entities import ENTITIES


def fill(books) -> None:
	"""Leave a bit of everything in the company."""
	pump = books.make("item", {
		"Name": "Pump", "Type": "Inventory", "TrackQtyOnHand": True, "QtyOnHand": 10, "InvStartDate": "2024-01-01",
		"PurchaseCost": 7.5, "IncomeAccountRef": {"value": "31"}, "ExpenseAccountRef": {"value": "40"}, "AssetAccountRef": {"value": "11"},
	})  # fmt: skip
	customer = books.customer("O'Neil & Sönner")
	for _number in range(2):
		books.invoice(books.line(pump["Id"], 30, Qty=3, UnitPrice=10), customer=customer)
	gone = books.invoice(customer=customer)
	books.make("invoice", {"Id": gone["Id"], "SyncToken": "0"}, operation="delete")
	files = {"file_content_01": ("a.bin", bytes(range(256)), "application/octet-stream")}
	assert books.session.post(f"{books.api}/upload", files=files).status_code == 200
	books.knobs(latency_ms=1, stock_rounding="per_unit")
	books.preferences(AccountingInfoPrefs={"BookCloseDate": "2020-01-01"})


def describe(books) -> dict:
	"""Return what must be the same after loading."""
	ledger = books.control("GET", "ledger")
	names = ("Customer", "Item", "Account", "Invoice", "TaxCode", "Term")
	records = {name: books.query(f"select * from {name} maxresults 1000") for name in names}
	return {
		"balances": ledger["balances"], "entries": ledger["entries"], "records": records,
		"preferences": books.control("GET", "preferences")["AccountingInfoPrefs"], "knobs": books.control("GET", "knobs"),
	}  # fmt: skip


def test_emulator_saved_company_loads_back_to_the_same_books(books, start_process, open_books, tmp_path):
	fill(books)
	before = describe(books)
	saved = books.control("GET", "export")
	(tmp_path / "saved.json").write_text(json.dumps(saved))
	again = open_books(start_process("--company", str(tmp_path / "saved.json")))
	assert describe(again) == before
	again.knobs(**{"throttle.enabled": False})
	attachment = again.query("select * from Attachable")["Attachable"][0]
	assert again.session.get(attachment["TempDownloadUri"]).content == bytes(range(256))
	# Stock goes on where it was: 4 of 10 are left, at 7.5 each.
	pump = again.query("select * from Item where Name = 'Pump'")["Item"][0]
	assert pump["QtyOnHand"] == 4
	customer = again.query("select * from Customer")["Customer"][0]["Id"]
	made = again.invoice(again.line(pump["Id"], 40, Qty=4, UnitPrice=10), customer=customer)
	assert int(made["Id"]) == 4 and "Inventory Asset" not in again.balances()
	again.control("POST", "reset")
	assert describe(again)["balances"] == before["balances"]


def test_emulator_every_kind_of_transaction_is_saved_and_goes_on(books, start_process, open_books, tmp_path):
	"""Afterwards the loaded company re-costs and settles exactly as the first one does."""
	stage = Stage(books)
	made = stage.make_all()
	path = tmp_path / "saved.json"
	path.write_text(json.dumps(books.control("GET", "export")))
	again = open_books(start_process("--company", str(path), "--knob", "throttle.enabled=false"))
	for entity in ENTITIES:
		statement = f"select * from {entity} maxresults 1000"
		assert again.query(statement) == books.query(statement), entity
	for kind in (None, "InventoryAdjustment", "BillPayment", "Bill"):
		for company in (books, again) if kind else ():
			token = company.read(kind.lower(), made[kind]["Id"])["SyncToken"]
			company.make(kind.lower(), {"Id": made[kind]["Id"], "SyncToken": token}, operation="delete")
		assert again.control("GET", "ledger") == books.control("GET", "ledger"), kind
		assert again.layers(stage.pump) == books.layers(stage.pump), kind


def test_emulator_save_from_the_command_line(start_process, open_books, tmp_path, run_emulator):
	state = tmp_path / "state.sqlite"
	process = start_process("--state", str(state), "--knob", "throttle.enabled=false")
	books = open_books(process)
	fill(books)
	before = books.balances()
	process.kill()
	target = tmp_path / "saved.json"
	done = run_emulator("--state", str(state), "--save", str(target))
	assert done.returncode == 0, done.stderr
	again = open_books(start_process("--company", str(target)))
	assert again.balances() == before
	done = run_emulator("--state", str(state), "--save", str(tmp_path / "no" / "folder.json"))
	assert done.returncode == 2 and "cannot be written" in done.stderr


def test_emulator_opening_transactions_of_a_company_file(
	start_process, open_books, tmp_path, shipped_company
):
	company = shipped_company("us_wholesaler")
	company["customers"] = [{"Id": "1", "DisplayName": "King Groceries"}]
	company["items"] = [
		{
			"Id": "1",
			"Name": "Hours",
			"Type": "Service",
			"IncomeAccountRef": {"value": "34", "name": "Services"},
		}
	]
	invoice = {
		"CustomerRef": {"value": "1"}, "TxnDate": "2026-01-15", "DocNumber": "SD-1",
		"Line": [{"Amount": 10.55, "DetailType": "SalesItemLineDetail", "SalesItemLineDetail": {"ItemRef": {"value": "1"}}}],
	}  # fmt: skip
	company["transactions"] = [{"entity": "Invoice", "document": invoice}]
	path = tmp_path / "company.json"
	path.write_text(json.dumps(company))
	books = open_books(start_process("--company", str(path)))
	assert books.balances() == {"Accounts Receivable (A/R)": "10.55", "Services": "-10.55"}
	assert books.query("select * from Invoice")["Invoice"][0]["DocNumber"] == "SD-1"


@pytest.mark.parametrize(
	("transaction", "sentence"),
	[
		({"entity": "Invoice", "document": {"CustomerRef": {"value": "99"}}}, "refused with 2500"),
		({"entity": "Nothing", "document": {}}, "names no known entity"),
		({"entity": "Invoice"}, "names no known entity or has no document"),
	],
)
def test_emulator_bad_opening_transaction_is_named(
	transaction, sentence, tmp_path, shipped_company, run_emulator
):
	path = tmp_path / "company.json"
	path.write_text(json.dumps({**shipped_company("us_wholesaler"), "transactions": [transaction]}))
	done = run_emulator("--company", str(path), "--port", "0")
	assert done.returncode == 2 and sentence in done.stderr and "Transaction 1" in done.stderr


def test_emulator_owner_makes_records_over_the_control_api(books):
	bundle = {"Name": "Set", "Type": "Group", "ItemGroupDetail": {"ItemGroupLine": []}}
	made = books.control("POST", "records", {"entity": "Item", "record": bundle})
	assert books.read("item", made["Id"])["Type"] == "Group"
	for body, sentence in (
		({"entity": "Invoice", "record": {}}, "one of"),
		({"entity": "Item", "record": {"Type": "Group"}}, "lacks 'Name'"),
		({"entity": "Item", "record": {"Name": "set"}}, "this name"),
		({"entity": "Item"}, "one of"),
	):
		answer = books.session.post(f"{books.control_url}/records", json=body)
		assert answer.status_code == 400 and sentence in answer.json()["error"], answer.text
