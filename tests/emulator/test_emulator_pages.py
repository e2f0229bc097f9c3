"""The pages to look at, and the command line."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
import requests

ROOT = Path(__file__).resolve().parents[2]
HOSTILE = '<script>alert(1)</script> & Co "x"'


@pytest.fixture
def shown(books):
	"""A company with an invoice whose every text tries to be HTML."""
	customer = books.customer(HOSTILE, Notes=HOSTILE, BillAddr={"Line1": HOSTILE, "City": "Tacoma"})
	line = {
		**books.line(books.item(HOSTILE), 1234.5, Qty=2, UnitPrice=617.25, TaxCodeRef={"value": "TAX"}),
		"Description": HOSTILE,
	}
	books.invoice(
		line, customer=customer, DocNumber="<b>1</b>", PrivateNote=HOSTILE, CustomerMemo={"value": HOSTILE}
	)
	return books


def page(books, path: str, status: int = 200, **parameters) -> str:
	answer = requests.get(f"{books.url}{path}", params={"companyId": books.realm, **parameters})
	assert answer.status_code == status, answer.text
	assert answer.headers["Content-Type"].startswith("text/html") and "<script" not in answer.text
	return answer.text


def test_emulator_pages_show_and_escape(shown):
	for path in (
		"/",
		"/app/homepage",
		"/app/customers",
		"/app/items",
		"/app/invoices",
		"/app/trialbalance",
		"/app/requests",
		"/app/knobs",
	):
		assert "Cascade &amp; Harbor Trading Co." in page(shown, path)
	assert "&lt;script&gt;" in page(shown, "/app/customers") and "&lt;b&gt;1" in page(shown, "/app/invoices")


def test_emulator_invoice_page_shows_document_and_ledger(shown):
	"""Where "Open in QuickBooks" leads."""
	text = page(shown, "/app/invoice", txnId="1")
	for part in (
		"&lt;b&gt;1&lt;/b&gt;",
		"1,234.50",
		"127.15",
		"1,361.65",
		"Accounts Receivable (A/R)",
		"Sales Tax Payable",
		"Tacoma",
	):
		assert part in text, part
	shown.make("invoice", {"Id": "1", "SyncToken": "0"}, operation="void")
	assert "Voided" in page(shown, "/app/invoice", txnId="1")
	assert "no invoice with Id 99" in page(shown, "/app/invoice", 404, txnId="99")
	for wrong in ("", "abc", "'", "9" * 30):
		page(shown, "/app/invoice", 404, txnId=wrong)


def test_emulator_customer_and_item_pages(shown):
	assert "1,361.65" in page(shown, "/app/customerdetail", nameId="1")
	assert "Sales of Product Income" in page(shown, "/app/item", itemId="1")
	page(shown, "/app/item", 404, itemId="5")
	assert requests.get(f"{shown.url}/app/items?companyId=none").status_code == 404


def test_emulator_lists_have_pages_and_search(books):
	item, customer = books.item(), books.customer()
	for number in range(55):
		books.invoice(books.line(item, 1), customer=customer, DocNumber=f"SD-{number:03d}")
	assert "55 in all, page 1 of 2" in page(books, "/app/invoices")
	assert "SD-004" in page(books, "/app/invoices", page="2")
	assert "1 in all" in page(books, "/app/invoices", q="SD-017")
	page(books, "/app/invoices", page="99999999999999999999")


def test_emulator_request_page_shows_bodies(shown):
	entry = shown.journal(entity="Invoice", operation="create", bodies="1")[-1]
	assert "SalesItemLineDetail" in entry["request_body"] and "TotalAmt" in entry["response_body"]
	text = page(shown, "/app/request", seq=str(entry["seq"]))
	assert "SalesItemLineDetail" in text and entry["intuit_tid"] in text
	assert "Bearer" not in text
	page(shown, "/app/request", 404, seq="0")


def test_emulator_knobs_can_be_turned_on_the_page(books):
	address = f"{books.url}/app/knobs?companyId={books.realm}"
	answer = requests.post(
		address, data={"latency_ms": "7", "drop": "none", "drop_count": "", "custom_txn_numbers": "false"}
	)
	assert answer.status_code == 200
	knobs = books.control("GET", "knobs")
	assert (knobs["latency_ms"], knobs["custom_txn_numbers"], knobs["drop_count"]) == (7, False, None)
	assert requests.post(address, data={"latency_ms": "many"}).status_code == 400
	assert (
		requests.post(
			address, data={"latency_ms": "9"}, headers={"Origin": "http://evil.example"}
		).status_code
		== 403
	)
	assert books.control("GET", "knobs")["latency_ms"] == 7


def run(*arguments: str) -> subprocess.CompletedProcess:
	command = [sys.executable, "-m", "qbo_emulator", *arguments]
	return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=30)


def test_emulator_help_lists_options_and_knobs():
	text = run("--help").stdout
	for word in ("--port", "--company", "--state", "--realm", "--knob", "latency_ms", "requestid"):
		assert word in text


@pytest.mark.parametrize(
	("arguments", "words"),
	[
		(("--company", "nowhere.json"), "cannot be read"),
		(("--knob", "speed=9"), "There is no knob 'speed'"),
		(("--knob", "latency_ms"), "not of the form name=value"),
		(("--state", "/nowhere/at/all.sqlite"), "cannot be used"),
		(("--host", "203.0.113.7", "--port", "0"), "cannot listen"),
	],
)
def test_emulator_start_errors_are_sentences(arguments, words):
	result = run(*arguments)
	assert result.returncode != 0 and words in result.stderr and "Traceback" not in result.stderr


def test_emulator_second_process_on_one_state_file_is_refused(start_process, tmp_path):
	state = ("--state", str(tmp_path / "state.sqlite"))
	start_process(*state)
	result = run("--port", "0", *state)
	assert result.returncode == 2 and "cannot be used" in result.stderr


def test_emulator_company_file_of_ones_own(start_process, open_books, tmp_path):
	"""Realm from the command line, two companies in one process, records in the file."""
	definition = json.loads((ROOT / "qbo_emulator/companies/us_wholesaler.json").read_text(encoding="utf-8"))
	definition["realm_id"] = "77"
	definition["company_info"]["CompanyName"] = "Second Co."
	definition["customers"] = [{"Id": "5", "DisplayName": "Old Friend"}]
	definition["items"] = [
		{
			"Id": "9",
			"Name": "Hour",
			"Type": "Service",
			"IncomeAccountRef": {"value": "34", "name": "Services"},
		}
	]
	path = tmp_path / "second.json"
	path.write_text(json.dumps(definition), encoding="utf-8")
	process = start_process(
		"--company", "us_wholesaler", "--company", str(path), "--knob", "throttle.enabled=false"
	)
	assert [company["realm"] for company in process.ready["companies"]] == ["9341452718065230", "77"]
	first = open_books(process)
	process.realm = "77"
	second = open_books(process)
	invoice = second.invoice(second.line("9", 80), customer="5")
	assert invoice["CustomerRef"]["name"] == "Old Friend"
	second.refuse(second.post("customer", {"DisplayName": "old friend"}), "6240")
	assert second.customer("New Friend") == "6"
	assert first.query("select * from Invoice") == {}
	assert first.get("../77/invoice/1").status_code == 403
	alone = start_process("--realm", "4711")
	assert alone.realm == "4711"


def test_emulator_readme_names_every_knob():
	from qbo_emulator.knobs import KNOBS

	text = (ROOT / "qbo_emulator/README.md").read_text(encoding="utf-8")
	assert [knob.name for knob in KNOBS if f"`{knob.name}`" not in text] == []
