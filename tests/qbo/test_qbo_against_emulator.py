"""The real client, the real OAuth client and the real mapping, against the real emulator process."""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from allorders_qb.mapping.company import CompanyProfile, read_company_profile
from allorders_qb.mapping.comparison import compare_sales_form
from allorders_qb.mapping.customer import build_customer, same_values
from allorders_qb.mapping.item import build_item
from allorders_qb.mapping.marker import carries_marker, make_marker
from allorders_qb.mapping.payload import dump_payload
from allorders_qb.mapping.posting import (
	Address,
	CustomerRecord,
	ItemRecord,
	PostingDocument,
	PostingLine,
	References,
)
from allorders_qb.mapping.sales_form import build_sales_form
from allorders_qb.mapping.search import candidate_statements
from allorders_qb.money import line_amount
from allorders_qb.qbo.client import QuickBooksClient
from allorders_qb.qbo.environments import emulator
from allorders_qb.qbo.faults import FaultClass, NotSent, OutcomeUnknown, Refused
from allorders_qb.qbo.oauth import InvalidGrant, OAuthClient

ROOT = Path(__file__).resolve().parents[2]
READY_SECONDS = 30

pytest.importorskip("aiohttp", reason="the emulator needs aiohttp")


@dataclass
class Emulated:
	"""The running emulator: its address, company and control API."""

	url: str
	realm: str

	def control(self, method: str, path: str, body: Any = None) -> Any:
		with requests.Session() as session:
			session.trust_env = False
			answer = session.request(
				method, f"{self.url}/_control/{self.realm}/{path}", json=body, timeout=10
			)
			answer.raise_for_status()
			return answer.json()

	def turn(self, **knobs: Any) -> None:
		self.control("PATCH", "knobs", knobs)

	def order_fault(self, **order: Any) -> None:
		self.control("POST", "faults", order)

	def get_balance(self, account: str) -> Decimal:
		return Decimal(self.control("GET", "ledger?entries=0")["balances"].get(account, "0"))


@pytest.fixture(scope="module")
def process() -> Iterator[Emulated]:
	running = subprocess.Popen(
		[sys.executable, "-m", "qbo_emulator", "--port", "0", "--knob", "throttle.enabled=false"],
		cwd=ROOT,
		env={**os.environ, "PYTHONPATH": str(ROOT)},
		stdout=subprocess.PIPE,
		stderr=subprocess.PIPE,
		text=True,
	)
	try:
		readable, _, _ = select.select([running.stdout], [], [], READY_SECONDS)
		line = running.stdout.readline() if readable else ""
		if not line:
			running.kill()
			pytest.fail(f"The emulator did not start: {running.communicate()[1][-2000:]}")
		ready = json.loads(line)
		yield Emulated(ready["url"], ready["realm"])
	finally:
		running.terminate()
		with suppress(subprocess.TimeoutExpired):
			running.communicate(timeout=10)
		if running.poll() is None:
			running.kill()


@pytest.fixture
def quickbooks(process: Emulated) -> Emulated:
	process.control("POST", "reset")
	process.control("DELETE", "faults")
	process.control("DELETE", "requests")
	return process


@pytest.fixture
def connect(quickbooks: Emulated) -> Iterator[Callable[..., QuickBooksClient]]:
	opened: list[QuickBooksClient] = []

	def open_client(**options: Any) -> QuickBooksClient:
		token = quickbooks.control("POST", "tokens")["access_token"]
		settings = {"access_token": token, "timeout": (5, 20), **options}
		client = QuickBooksClient(base_url=quickbooks.url, realm_id=quickbooks.realm, **settings)
		opened.append(client)
		return client

	yield open_client
	for client in opened:
		client.close()


@pytest.fixture
def client(connect) -> QuickBooksClient:
	return connect()


CUSTOMER = CustomerRecord(
	name='Bob\'s "Best": Café\\Tab',
	company_name="Bob's Best Bakery",
	contact_name="Mary Ann Baker",
	email="orders@bobsbest.example",
	phone="(503) 555-0117",
	terms="Net 30",
	tax_code="NON",
	bill_to=Address("12 Mill Street", "", "Portland", "OR", "97205", "USA"),
	notes="Closed on Mondays.",
)
CHAI = ItemRecord(
	code="CHAI-10",
	item_type="Inventory Part",
	description="Chai, 10 boxes of 20 bags",
	sku="4006381333931",
	unit_price=Decimal("18.00"),
	purchase_cost=Decimal("11.25"),
	tax_code="TAX",
	income_account="Sales",
	expense_account="Cost of Goods Sold",
)
REFERENCES = References(
	terms={"Net 30": "3"},
	tax_codes={"TAX": "TAX", "NON": "NON"},
	accounts={"Sales": "31", "Cost of Goods Sold": "40"},
)
MARKER = make_marker("site-of-these-tests", "SD-2026-00117", "invoice", 1)


def make_sale(**values: Any) -> PostingDocument:
	numbers = [("12", "18.00", "5"), ("10000", "0.0425", "8.333"), ("3.5", "4.995", "0")]
	lines = tuple(
		PostingLine(
			row, "CHAI-10", "", *map(Decimal, line), amount=line_amount(*map(Decimal, line)), tax_code="NON"
		)
		for row, line in enumerate(numbers, start=1)
	)
	freight = Decimal("32.38")
	return PostingDocument(
		**{
			"kind": "invoice",
			"source_doctype": "AO Ship Doc",
			"source_name": "SD-2026-00117",
			"party": CUSTOMER.name,
			"posting_date": date(2026, 11, 23),
			"due_date": date(2026, 12, 23),
			"doc_number": "SD-2026-00117",
			"currency": "USD",
			"exchange_rate": Decimal(1),
			"lines": lines,
			"freight": freight,
			"total": sum((line.amount for line in lines), freight),
			"ship_to": Address("Dock 4", "", "Portland", "OR", "97210", "USA"),
			"terms": "Net 30",
			"ship_method": "UPS Ground",
			"ship_date": date(2026, 11, 23),
			"tracking_number": "1Z999AA10123456784",
			"po_number": "PO-4711",
			"sales_rep": "Ann Fisher",
			"customer_note": "Thank you!",
			"private_note": "Signed by Lee — “dock 4”.",
			**values,
		}
	)


def read_company(client: QuickBooksClient) -> CompanyProfile:
	return read_company_profile(client.get_company_info(), client.get_preferences())


def send_lists(
	client: QuickBooksClient, company: CompanyProfile, record: CustomerRecord = CUSTOMER
) -> References:
	"""Create customer and items; return the references a sale needs."""
	customer = client.create(
		"Customer", dump_payload(build_customer(record, REFERENCES, company)), "customer-1"
	)
	items = {}
	for code in ("CHAI-10", "Freight", "Discount"):
		record = replace(CHAI, code=code, item_type="Service" if code != "CHAI-10" else CHAI.item_type)
		items[code] = client.create(
			"Item", dump_payload(build_item(record, REFERENCES, company)), f"item-{code}"
		).data["Id"]
	return replace(REFERENCES, customers={CUSTOMER.name: customer.data["Id"]}, items=items)


def build(sale: PostingDocument, references: References, company: CompanyProfile) -> str:
	return dump_payload(
		build_sales_form(sale, references, company, MARKER, freight_item="Freight", discount_item="Discount")
	)


# The main way --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("allow_shipping", [True, False])
def test_an_invoice_arrives_to_the_cent_and_in_the_books(quickbooks, client, allow_shipping):
	quickbooks.control("PATCH", "preferences", {"SalesFormsPrefs": {"AllowShipping": allow_shipping}})
	company = read_company(client)
	assert company.allow_shipping is allow_shipping
	assert company.custom_fields["p.o. number"] == "1" and company.warn_duplicate_numbers is True
	sale = make_sale()
	answer = client.create("Invoice", build(sale, send_lists(client, company), company), "invoice-1")
	comparison = compare_sales_form(sale, company, answer.data)
	assert (comparison.differs, comparison.reason, comparison.net) == (False, None, sale.total)
	assert answer.intuit_tid
	assert answer.data["DocNumber"] == "SD-2026-00117"
	assert carries_marker(answer.data, MARKER)
	assert {
		field["Name"]: field["StringValue"] for field in answer.data["CustomField"] if "StringValue" in field
	} == {
		"P.O. Number": "PO-4711",
		"Sales Rep": "Ann Fisher",
	}
	assert quickbooks.get_balance("Accounts Receivable (A/R)") == sale.total
	assert client.read("Invoice", answer.data["Id"]).data == answer.data


def test_quickbooks_own_tax_does_not_make_it_differ(client):
	company = read_company(client)
	sale = make_sale()
	sale = replace(sale, lines=tuple(replace(line, tax_code="TAX") for line in sale.lines))
	references = send_lists(client, company, replace(CUSTOMER, tax_code="TAX"))
	answer = client.create("Invoice", build(sale, references, company), "invoice-1")
	comparison = compare_sales_form(sale, company, answer.data)
	assert comparison.tax > 0 and comparison.total == sale.total + comparison.tax
	assert not comparison.differs


def test_foreign_currency_with_its_rate(quickbooks, client):
	quickbooks.control("PATCH", "preferences", {"CurrencyPrefs": {"MultiCurrencyEnabled": True}})
	company = read_company(client)
	assert company.multicurrency
	references = replace(REFERENCES, items=send_lists(client, company).items)
	record = replace(CUSTOMER, name="Bäckerei Nord", currency="EUR")
	created = client.create(
		"Customer", dump_payload(build_customer(record, references, company)), "customer-2"
	)
	references = replace(references, customers={"Bäckerei Nord": created.data["Id"]})
	sale = make_sale(party="Bäckerei Nord", currency="EUR", exchange_rate=Decimal("1.0853"))
	answer = client.create("Invoice", build(sale, references, company), "invoice-1")
	assert not compare_sales_form(sale, company, answer.data).differs
	assert answer.data["ExchangeRate"] == Decimal("1.0853")


def test_customer_and_item_come_back_with_our_values_and_are_updated_sparsely(client):
	company = read_company(client)
	payload = build_customer(CUSTOMER, REFERENCES, company)
	created = client.create("Customer", dump_payload(payload), "customer-1").data
	assert created["DisplayName"] == 'Bob\'s "Best"- Café/Tab'
	assert same_values(payload, created)
	changed = build_customer(replace(CUSTOMER, phone="(503) 555-0199"), REFERENCES, company, created)
	updated = client.update("Customer", dump_payload(changed), "customer-2").data
	assert updated["PrimaryPhone"]["FreeFormNumber"] == "(503) 555-0199"
	assert same_values(changed, updated) and not same_values(payload, updated)
	item = build_item(CHAI, REFERENCES, company)
	assert same_values(item, client.create("Item", dump_payload(item), "item-1").data)


def test_void_and_delete(quickbooks, client):
	company = read_company(client)
	references = send_lists(client, company)
	first = client.create("Invoice", build(make_sale(), references, company), "invoice-1").data
	head = {"Id": first["Id"], "SyncToken": first["SyncToken"]}
	voided = client.void("Invoice", dump_payload(head), "void-1").data
	assert voided["TotalAmt"] == 0 and carries_marker(voided, MARKER)
	head["SyncToken"] = voided["SyncToken"]
	assert client.delete("Invoice", dump_payload(head), "delete-1").data["status"] == "Deleted"
	assert quickbooks.get_balance("Accounts Receivable (A/R)") == 0
	with pytest.raises(Refused) as caught:
		client.read("Invoice", first["Id"])
	assert caught.value.fault.is_missing


# Once and no more ----------------------------------------------------------------------------------------------------


def count_invoices(client: QuickBooksClient) -> int:
	return client.count("Invoice")


def test_the_same_request_id_gives_the_same_invoice(client):
	company = read_company(client)
	body = build(make_sale(), send_lists(client, company), company)
	first = client.create("Invoice", body, "invoice-1")
	again = client.create("Invoice", body, "invoice-1")
	assert again.data == first.data
	assert count_invoices(client) == 1


@pytest.mark.parametrize("custom_numbers", [True, False])
def test_a_dropped_answer_is_found_again_by_its_marker(quickbooks, client, custom_numbers):
	quickbooks.turn(custom_txn_numbers=custom_numbers)
	company = read_company(client)
	references = send_lists(client, company)
	body = build(make_sale(), references, company)
	quickbooks.turn(drop="after_commit", drop_count=1)
	with pytest.raises(OutcomeUnknown):
		client.create("Invoice", body, "invoice-1")
	found = [
		row
		for statement in candidate_statements("Invoice", json.loads(body), company)
		for row in client.query(statement)
		if carries_marker(row, MARKER)
	]
	assert {row["Id"] for row in found} == {found[0]["Id"]}
	assert client.create("Invoice", body, "invoice-1").data["Id"] == found[0]["Id"]
	assert count_invoices(client) == 1


@pytest.mark.parametrize("drop", ["before_commit", "after_commit", "answer", "half_answer"])
def test_every_cut_connection_is_unknown(quickbooks, client, drop):
	quickbooks.order_fault(match={"entity": "Customer", "operation": "create"}, drop=drop)
	with pytest.raises(OutcomeUnknown):
		client.create("Customer", '{"DisplayName":"King Groceries"}', "customer-1")


def test_a_slow_commit_is_unknown_and_comes_true_later(quickbooks, connect):
	quickbooks.turn(commit_delay_ms=1500)
	hasty = connect(timeout=(5, 0.3))
	with pytest.raises(OutcomeUnknown):
		hasty.create("Customer", '{"DisplayName":"King Groceries"}', "customer-1")
	quickbooks.turn(commit_delay_ms=0)
	patient = connect()
	answer = patient.create("Customer", '{"DisplayName":"King Groceries"}', "customer-1")
	assert [row["Id"] for row in patient.query("SELECT * FROM Customer")] == [answer.data["Id"]]


def test_quickbooks_down_is_not_sent(quickbooks):
	closed = f"http://127.0.0.1:{_find_free_port()}"
	client = QuickBooksClient(base_url=closed, realm_id=quickbooks.realm, access_token="token")
	with pytest.raises(NotSent):
		client.get_company_info()


def _find_free_port() -> int:
	import socket

	with socket.create_server(("127.0.0.1", 0)) as probe:
		return probe.getsockname()[1]


# Refusals --------------------------------------------------------------------------------------------------------------


def refuse(call: Callable[[], Any]):
	with pytest.raises(Refused) as caught:
		call()
	return caught.value.fault


def test_duplicate_number_names_its_holder_and_can_be_allowed(client):
	company = read_company(client)
	body = build(make_sale(), send_lists(client, company), company)
	first = client.create("Invoice", body, "invoice-1").data
	fault = refuse(lambda: client.create("Invoice", body, "invoice-2"))
	assert (fault.fault_class, fault.code, fault.duplicate_id, fault.duplicate_type) == (
		FaultClass.DUPLICATE,
		"6140",
		first["Id"],
		"Invoice",
	)
	second = client.create("Invoice", body, "invoice-3", {"include": "allowduplicatedocnum"}).data
	assert second["Id"] != first["Id"]


def test_duplicate_name(client):
	client.create("Customer", '{"DisplayName":"King Groceries"}', "customer-1")
	fault = refuse(lambda: client.create("Customer", '{"DisplayName":"King Groceries"}', "customer-2"))
	assert (fault.fault_class, fault.code) == (FaultClass.DUPLICATE, "6240")


def test_stale_object(client):
	created = client.create("Customer", '{"DisplayName":"King Groceries"}', "customer-1").data
	body = dump_payload({"Id": created["Id"], "SyncToken": "0", "sparse": True, "Notes": "one"})
	client.update("Customer", body, "customer-2")
	fault = refuse(lambda: client.update("Customer", body, "customer-3"))
	assert (fault.fault_class, fault.code) == (FaultClass.CONFLICT, "5010")


@pytest.mark.parametrize(
	("code", "fault_class", "pause_seconds"),
	[
		("6190", FaultClass.PAUSE, 900),
		("6200", FaultClass.NEEDS_PERSON, 0),
		("2500", FaultClass.NEEDS_PERSON, 0),
		("5030", FaultClass.NEEDS_PERSON, 0),
	],
)
def test_ordered_faults(quickbooks, client, code, fault_class, pause_seconds):
	quickbooks.order_fault(match={"entity": "Customer"}, code=code)
	fault = refuse(lambda: client.create("Customer", '{"DisplayName":"King Groceries"}', "customer-1"))
	assert (fault.code, fault.fault_class, fault.pause_seconds) == (code, fault_class, pause_seconds)
	assert fault.remedy in fault.explain()


def test_closed_period(quickbooks, client):
	quickbooks.control("PATCH", "preferences", {"AccountingInfoPrefs": {"BookCloseDate": "2026-12-31"}})
	company = read_company(client)
	assert company.book_close_date == date(2026, 12, 31)
	body = build(make_sale(), send_lists(client, company), company)
	assert refuse(lambda: client.create("Invoice", body, "invoice-1")).code in ("6200", "6210")


def test_subscription_ended_503_and_system_fault(quickbooks, client):
	quickbooks.turn(subscription_ended=True)
	assert refuse(client.get_company_info).code == "6190"
	quickbooks.turn(subscription_ended=False, http_503_html=True)
	with pytest.raises(OutcomeUnknown, match="HTTP 503"):
		client.create("Customer", '{"DisplayName":"King Groceries"}', "customer-1")
	quickbooks.turn(http_503_html=False)
	quickbooks.order_fault(match={"entity": "Customer"}, code="10000", when="after_commit")
	with pytest.raises(OutcomeUnknown):
		client.create("Customer", '{"DisplayName":"King Groceries"}', "customer-2")
	assert client.count("Customer") == 1


def test_throttling(quickbooks, client):
	quickbooks.turn(throttle={"enabled": True, "per_minute": 3})
	with pytest.raises(Refused) as caught:
		for _ in range(5):
			client.get_preferences()
	fault = caught.value.fault
	assert (fault.status, fault.fault_class, fault.code) == (429, FaultClass.PAUSE, "3001")
	assert fault.pause_seconds >= 1


@pytest.mark.parametrize("xml", [False, True])
def test_a_token_that_is_not_good(quickbooks, connect, xml):
	quickbooks.turn(xml_unauthorized=xml)
	fault = refuse(connect(access_token="eyJ" + "x" * 200).get_company_info)
	assert (fault.status, fault.fault_class, fault.refreshable) == (401, FaultClass.PAUSE, True)
	assert fault.code == ("100" if xml else "3200")


# Queries ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
	"name", ['Bob\'s "Best"- Café', "O'Brien & Sons, 100%", "日本 'quoted' \"twice\"", "_under_ % like"]
)
def test_names_with_quotes_are_found_and_found_alone(client, name):
	client.create("Customer", dump_payload({"DisplayName": "Bobs Best"}), "customer-0")
	created = client.create("Customer", dump_payload({"DisplayName": name}), "customer-1").data
	company = read_company(client)
	[statement] = candidate_statements("Customer", {"DisplayName": name}, company)
	assert [row["Id"] for row in client.query(statement)] == [created["Id"]]


def test_paging_reads_every_row_once(client):
	for number in range(7):
		client.create("Customer", dump_payload({"DisplayName": f"Customer {number}"}), f"customer-{number}")
	rows = list(client.query_all("Customer", page=3))
	assert sorted(row["DisplayName"] for row in rows) == [f"Customer {number}" for number in range(7)]
	assert [row["Id"] for row in client.query_all("Customer", where="Active = true", page=2)] == [
		row["Id"] for row in rows
	]


def test_lists_that_we_mirror_can_be_read(client):
	names = ("Account", "Term", "Class", "Department", "PaymentMethod", "TaxCode", "TaxRate")
	assert all(list(client.query_all(name)) for name in names)


# Tokens ----------------------------------------------------------------------------------------------------------------


def follow_consent(oauth: OAuthClient, quickbooks: Emulated, redirect_uri: str) -> dict[str, str]:
	"""Press the button of the consent page as a browser would; return what the callback gets."""
	with requests.Session() as browser:
		browser.trust_env = False
		url = oauth.authorization_url(redirect_uri, "the-state")
		page = browser.get(url, timeout=10)
		assert page.status_code == 200 and "<form" in page.text
		answer = _press_connect(browser, page, quickbooks)
	parts = urlsplit(answer.headers["Location"])
	assert answer.headers["Location"].startswith(redirect_uri)
	return {key: values[0] for key, values in parse_qs(parts.query).items()}


def _press_connect(
	browser: requests.Session, page: requests.Response, quickbooks: Emulated
) -> requests.Response:
	from html.parser import HTMLParser

	class Form(HTMLParser):
		def __init__(self) -> None:
			super().__init__()
			self.action, self.fields = "", {}

		def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
			found = dict(attributes)
			if tag == "form" and not self.action:
				self.action = found.get("action") or page.url
			if tag in ("input", "button") and found.get("name") and found.get("name") not in self.fields:
				self.fields[found["name"]] = found.get("value") or ""

	form = Form()
	form.feed(page.text)
	target = requests.compat.urljoin(page.url, form.action)
	return browser.post(target, data=form.fields, allow_redirects=False, timeout=10)


def test_from_consent_to_a_call_and_back(quickbooks):
	environment = emulator(quickbooks.url)
	oauth = OAuthClient(environment.discovery_url, "the-client-id", "the-client-secret")
	redirect_uri = "http://127.0.0.1:9/callback"
	callback = follow_consent(oauth, quickbooks, redirect_uri)
	assert (callback["state"], callback["realmId"]) == ("the-state", quickbooks.realm)
	tokens = oauth.exchange(callback["code"], redirect_uri)
	assert tokens.expires_in == 3600 and tokens.refresh_hard_expires_in
	with QuickBooksClient(
		base_url=environment.api_url, realm_id=callback["realmId"], access_token=tokens.access_token
	) as client:
		assert client.get_company_info()["CompanyName"]
		renewed = oauth.refresh(tokens.refresh_token)
		client.access_token = renewed.access_token
		assert client.get_company_info()["CompanyName"]
		oauth.revoke(renewed.refresh_token)
		with pytest.raises(InvalidGrant):
			oauth.refresh(renewed.refresh_token)
		assert refuse(client.get_company_info).refreshable
	oauth.revoke(renewed.refresh_token)


def test_a_code_works_once(quickbooks):
	oauth = OAuthClient(emulator(quickbooks.url).discovery_url, "the-client-id", "the-client-secret")
	redirect_uri = "http://127.0.0.1:9/callback"
	code = follow_consent(oauth, quickbooks, redirect_uri)["code"]
	oauth.exchange(code, redirect_uri)
	with pytest.raises(InvalidGrant):
		oauth.exchange(code, redirect_uri)
