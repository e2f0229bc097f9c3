"""The pages to look at."""

import re
from html import unescape

import pytest
import requests
from every_kind import Stage

from qbo_emulator.entities import ENTITIES
from qbo_emulator.pages.addresses import LIST_PAGES, get_page_name, list_transaction_kinds
from qbo_emulator.pages.reports import MEANINGS
from qbo_emulator.pages.views import PAGES
from qbo_emulator.reports import REPORTS

HOSTILE = "<script>alert(1)</script> & 'Co' \"x\""
NEEDS_PARAMETER = (
	"/app/customerdetail",
	"/app/vendordetail",
	"/app/item",
	"/app/register",
	"/app/report",
	"/app/request",
	"/app/webhook",
)


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
	"""Return a page of the company; fails when it holds a script or an open tag of somebody's text."""
	answer = requests.get(f"{books.url}{path}", params={"companyId": books.realm, **parameters})
	assert answer.status_code == status, answer.text
	assert answer.headers["Content-Type"].startswith("text/html")
	assert "<script" not in answer.text and "<i>" not in answer.text and "<b>" not in answer.text
	return answer.text


def list_links(text: str) -> list[str]:
	return sorted({unescape(address) for address in re.findall(r'href="([^"]*)"', text)})


def test_emulator_pages_show_and_escape(shown):
	for path, _show, _here in PAGES:
		if path not in NEEDS_PARAMETER:
			assert "Cascade &amp; Harbor Trading Co." in page(shown, path)
	assert "&lt;script&gt;" in page(shown, "/app/customers") and "&lt;b&gt;1" in page(shown, "/app/invoices")


def test_emulator_pages_of_every_kind_of_transaction_show_and_escape(books):
	made = Stage(books, HOSTILE).make_all()
	assert set(made) == set(list_transaction_kinds())
	listed = page(books, "/app/transactions")
	for entity, document in made.items():
		path = f"/app/{get_page_name(entity)}"
		text = page(books, path, txnId=document["Id"])
		assert "&lt;script&gt;alert(1)" in text and "In the ledger" in text, entity
		assert f"{path}?txnId={document['Id']}&" in unescape(listed)
		assert page(books, "/app/transactions", type=entity).count("<tr>") >= 2
		page(books, path, 404, txnId="99999")
	assert "There are no transactions of the kind Thing" in page(
		books, "/app/transactions", 404, type="Thing"
	)


def test_emulator_pages_show_what_settles_what(books):
	made = Stage(books).make_all()
	invoice = page(books, "/app/invoice", txnId=made["Invoice"]["Id"])
	assert (
		"Settled or referred to by" in invoice
		and f"recvpayment?txnId={made['Payment']['Id']}" in unescape(invoice)
	)
	assert ">25.00<" in invoice
	payment = page(books, "/app/recvpayment", txnId=made["Payment"]["Id"])
	assert "Settles or refers to" in payment and f"/app/invoice?txnId={made['Invoice']['Id']}" in unescape(
		payment
	)
	stock = page(books, "/app/invoice", txnId=made["Invoice"]["Id"])
	assert "In stock" in stock and ">-3<" in stock and ">-18.00<" in stock


def test_emulator_every_link_on_the_pages_leads_somewhere(books):
	"""From the first page on, every page that can be reached answers 200."""
	Stage(books, HOSTILE).make_all()
	reached, waiting = set(), ["/"]
	while waiting and len(reached) < 150:
		address = waiting.pop(0)
		answer = requests.get(books.url + address)
		assert answer.status_code == 200, (address, answer.text[-300:])
		reached.add(address)
		waiting += [link for link in list_links(answer.text) if link not in reached and link not in waiting]
	paths = {address.partition("?")[0] for address in reached}
	assert {f"/app/{page_name}" for page_name, _key in LIST_PAGES.values()} <= paths
	assert {f"/app/{get_page_name(kind)}" for kind in list_transaction_kinds()} <= paths
	assert {"/app/report", "/app/request", "/app/knobs"} <= paths


def test_emulator_pages_of_an_empty_company_say_so(books):
	for path, words in (
		("/", "No transactions here yet."),
		("/app/customers", "No customers yet."),
		("/app/vendors", "No vendors yet."),
		("/app/items", "No items yet."),
		("/app/transactions", "No transactions here yet."),
		("/app/requests", "No requests of this kind."),
		("/app/webhooks", "No app wants webhooks."),
	):
		assert words in page(books, path), path
	assert "Nothing found." in page(books, "/app/items", q="zebra")
	assert "Nothing was posted to this account yet." in page(books, "/app/register", accountId="1")
	for name in REPORTS:
		text = page(books, "/app/report", name=name)
		assert "nothing to report" in text or name in ("ProfitAndLoss", "BalanceSheet"), name


def test_emulator_invoice_page_shows_document_and_ledger(shown):
	"""Where "Open in QuickBooks" leads."""
	text = page(shown, "/app/invoice", txnId="1")
	for part in (
		"&lt;b&gt;1&lt;/b&gt;", "1,234.50", "127.15", "1,361.65", "Accounts Receivable (A/R)", "Sales Tax Payable", "Tacoma",
	):  # fmt: skip
		assert part in text, part
	shown.make("invoice", {"Id": "1", "SyncToken": "0"}, operation="void")
	assert "Voided" in page(shown, "/app/invoice", txnId="1")
	assert "no invoice with Id 99" in page(shown, "/app/invoice", 404, txnId="99")
	for wrong in ("", "abc", "'", "9" * 30):
		page(shown, "/app/invoice", 404, txnId=wrong)


def test_emulator_customer_item_and_account_pages(shown):
	assert "1,361.65" in page(shown, "/app/customerdetail", nameId="1")
	assert "Sales of Product Income" in page(shown, "/app/item", itemId="1")
	register = page(shown, "/app/register", accountId="10")
	assert "1,361.65" in register and "&lt;script&gt;" in register
	page(shown, "/app/item", 404, itemId="5")
	assert requests.get(f"{shown.url}/app/items?companyId=none").status_code == 404


def test_emulator_item_page_shows_layers_and_moves(books):
	stage = Stage(books)
	books.invoice(stage.sale(stage.pump, 4), customer=stage.customer)
	text = page(books, "/app/item", itemId=stage.pump)
	assert ">996<" in text and ">5,976.00<" in text and ">-24.00<" in text and "Opening" in text


def test_emulator_register_runs_over_pages(books):
	item, customer = books.item(), books.customer()
	for number in range(55):
		books.invoice(books.line(item, 1), customer=customer, DocNumber=f"SD-{number:03d}")
	first, second = (page(books, "/app/register", accountId="10", page=number) for number in ("1", "2"))
	assert ">55.00<" in first and ">6.00<" in first and "55 in all, page 1 of 2" in first
	assert ">5.00<" in second and ">1.00<" in second and "SD-000" in second


def test_emulator_lists_have_pages_and_search(books):
	item, customer = books.item(), books.customer()
	for number in range(55):
		books.invoice(books.line(item, 1), customer=customer, DocNumber=f"SD-{number:03d}")
	text = page(books, "/app/invoices")
	assert "55 in all, page 1 of 2" in text
	[following] = [link for link in list_links(text) if "page=2" in link]
	assert "SD-004" in requests.get(books.url + following).text
	assert "1 in all" in page(books, "/app/invoices", q="SD-017")
	page(books, "/app/invoices", page="99999999999999999999")


def test_emulator_report_pages(shown):
	assert set(MEANINGS) == set(REPORTS)
	assert "Profit and loss" in page(shown, "/app/reports")
	shown.invoice(shown.line("1", 1234.5), customer="1", TxnDate="2026-01-15", DocNumber="SD-2")
	span = {"start_date": "2026-01-01", "end_date": "2026-02-28"}
	text = page(shown, "/app/report", name="ProfitAndLoss", summarize_column_by="Month", **span)
	assert "Total Income" in text and ">1,234.50<" in text and "Jan 2026" in text
	assert f"/app/register?accountId=31&companyId={shown.realm}" in unescape(text)
	assert "must be less than" in page(
		shown, "/app/report", name="BalanceSheet", start_date="2026-02-02", end_date="2026-01-01"
	)
	assert "There is no report Nothing" in page(shown, "/app/report", 404, name="Nothing")


def test_emulator_request_pages_show_bodies_and_can_be_narrowed(shown):
	entry = shown.journal(entity="Invoice", operation="create", bodies="1")[-1]
	assert "SalesItemLineDetail" in entry["request_body"] and "TotalAmt" in entry["response_body"]
	text = page(shown, "/app/request", seq=str(entry["seq"]))
	assert "SalesItemLineDetail" in text and entry["intuit_tid"] in text
	assert "Bearer" not in text
	page(shown, "/app/request", 404, seq="0")
	shown.refuse(shown.post("item", {"Name": "x"}), "2020")
	refused = page(shown, "/app/requests", kind="refused")
	assert "400 (2020)" in refused and "create Invoice" not in refused
	assert "create Item" not in page(shown, "/app/requests", entity="invoice")


def test_emulator_webhook_pages_show_attempts_and_bodies(books):
	"""To an address where nobody listens: it waits and says why."""
	app = {"url": "http://127.0.0.1:9/hook", "verifier_token": "secret-token"}
	assert books.session.put(f"{books.url}/_control/webhooks/test-app", json=app).ok
	try:
		customer = books.customer()
		for _attempt in range(500):
			deliveries = books.control("GET", "deliveries")["deliveries"]
			if deliveries and deliveries[0]["attempts"]:
				break
		text = page(books, "/app/webhooks")
		assert "127.0.0.1:9/hook" in text and "waiting" in text and "secret-token" not in text
		[address] = [link for link in list_links(text) if link.startswith("/app/webhook?")]
		shown = requests.get(books.url + address).text
		assert "Customer" in shown and f"&quot;{customer}&quot;" in shown
		assert "There is no notification 0" in page(books, "/app/webhook", 404, key="0")
	finally:
		books.session.delete(f"{books.url}/_control/webhooks/test-app")


def test_emulator_knobs_can_be_turned_on_the_page(books):
	address = f"{books.url}/app/knobs?companyId={books.realm}"
	form = {"latency_ms": "7", "drop": "none", "drop_count": "", "custom_txn_numbers": "false"}
	assert requests.post(address, data=form).status_code == 200
	knobs = books.control("GET", "knobs")
	assert (knobs["latency_ms"], knobs["custom_txn_numbers"], knobs["drop_count"]) == (7, False, None)
	marked = re.findall(r'<tr class="changed"><td><label for="([^"]*)"', page(books, "/app/knobs"))
	assert marked == ["latency_ms", "throttle.enabled", "custom_txn_numbers"]
	assert requests.post(address, data={"latency_ms": "many"}).status_code == 400
	elsewhere = {"Origin": "http://evil.example"}
	assert requests.post(address, data={"latency_ms": "9"}, headers=elsewhere).status_code == 403
	assert books.control("GET", "knobs")["latency_ms"] == 7
	requests.post(address, data={"defaults": "1", "latency_ms": "7"})
	knobs = books.control("GET", "knobs")
	assert (knobs["latency_ms"], knobs["custom_txn_numbers"], knobs["throttle"]["enabled"]) == (0, True, True)


def test_emulator_pages_cover_every_transaction():
	assert all(ENTITIES[kind].is_transaction for kind in list_transaction_kinds())
	names = [get_page_name(kind) for kind in list_transaction_kinds()]
	assert len(set(names)) == len(names)
