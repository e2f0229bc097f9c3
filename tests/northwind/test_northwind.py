"""The classic Northwind company, bought, entered, shipped and posted: 809 invoices, right to the cent, once, and the books with them.

One load serves all tests of this file; they run in the order they stand in. What was measured is printed at the end.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal

import pytest
from books_events import Receive, Year
from books_model_b import ValuesOnly, calculate
from books_reports import read_amounts, read_trial_balance
from northwind_files import Northwind
from northwind_loading import LOCATION, enter_order, load_lists, receive_goods, ship_order
from northwind_workers import WORKERS, run_workers
from northwind_year import carry_over, make_year

CUSTOMERS, PRODUCTS, ORDERS, LINES = 91, 77, 830, 2155
SHIPPED, NOT_SHIPPED, RECEIVED = 809, 21, 595
GRAND_TOTAL = Decimal("1303810.87")

RECEIVABLE, INVENTORY = "Accounts Receivable (A/R)", "Inventory Asset"
LAST_YEAR, LAST_DAY = "1998", "1998-12-31"
WRITES = ("create", "update", "delete", "void")
MAX_SELECTED = 500
"""How many documents the list's action takes at a time."""


@dataclass
class Books:
	"""What the load has left behind, and how long each part of it took (seconds)."""

	order_names: dict[str, str] = field(default_factory=dict)
	ship_doc_names: dict[str, str] = field(default_factory=dict)
	receiver_names: list[str] = field(default_factory=list)
	seconds: dict[str, float] = field(default_factory=dict)

	@contextmanager
	def measure(self, part: str) -> Iterator[None]:
		began = time.perf_counter()
		yield
		self.seconds[part] = time.perf_counter() - began


@pytest.fixture(scope="module")
def year(northwind: Northwind) -> Year:
	return make_year(northwind)


@pytest.fixture(scope="module")
def calculated(year: Year) -> ValuesOnly:
	return calculate(year)


@pytest.fixture(scope="module")
def books(northwind: Northwind, year: Year, site, company, host_info: dict) -> Books:
	"""The company loaded, bought for, shipped and posted, in the order of the days."""
	made = Books()
	shipped = {order.number: order.shipped for order in northwind.shipped_orders}
	with made.measure("lists"):
		load_lists(northwind)
	with made.measure("orders"):
		for order in northwind.orders:
			made.order_names[order.number] = enter_order(order)
	with made.measure("receivers and ship docs"):
		for event in year.story:
			if isinstance(event, Receive):
				made.receiver_names.append(receive_goods(event))
			else:
				name = ship_order(made.order_names[event.name], shipped[event.name])
				made.ship_doc_names[event.name] = name
	with made.measure("posting"):
		run_workers(host_info)
	site.db.rollback()
	return made


def get_writes(company) -> list[dict]:
	return [entry for entry in company.get_requests() if entry["operation"] in WRITES]


def test_files_hold_the_whole_company(northwind):
	assert len(northwind.customers) == CUSTOMERS
	assert len(northwind.products) == PRODUCTS
	assert len(northwind.orders) == ORDERS
	assert sum(len(order.lines) for order in northwind.orders) == LINES
	assert len(northwind.shipped_orders) == SHIPPED
	addresses = {order.number: order.ship_to for order in northwind.orders}
	assert northwind.suppliers["7"]["companyName"] == "Pavlova, Ltd."
	assert northwind.suppliers["14"]["address"] == "Viale Dante, 75"
	assert addresses["10250"]["shipAddress"] == "Rua do Paço, 67"
	assert addresses["10250"]["shipCity"] == "Rio de Janeiro"
	assert all(address["shipCountry"].replace(" ", "").isalpha() for address in addresses.values())


def test_documents_hold_what_the_files_hold(northwind, books, site):
	order_names, ship_doc_names = list(books.order_names.values()), list(books.ship_doc_names.values())
	assert site.db.count("AO Sales Order Line", {"parent": ("in", order_names)}) == LINES
	statuses = site.get_all("AO Sales Order", {"name": ("in", order_names)}, pluck="status", order_by="name")
	assert statuses.count("Closed") == SHIPPED
	assert statuses.count("Open") == NOT_SHIPPED
	totals = read_totals(site, ship_doc_names)
	for order in northwind.shipped_orders:
		assert totals[books.ship_doc_names[order.number]] == order.total, order.number


def read_totals(site, names: list[str]) -> dict[str, Decimal]:
	rows = site.get_all("AO Ship Doc", {"name": ("in", names)}, ["name", "total"], order_by="name")
	return {row.name: Decimal(str(row.total)) for row in rows}


def test_shelves_hold_what_the_files_say_is_in_stock(northwind, books, site):
	rows = site.get_all("AO Stock Balance", {"location": LOCATION}, ["item", "on_hand"], order_by="item")
	on_hand = {row.item: Decimal(str(row.on_hand)) for row in rows}
	assert on_hand == {
		row["productName"]: Decimal(row["unitsInStock"]) for row in northwind.products.values()
	}


@pytest.mark.parametrize(("doctype", "number"), [("AO Ship Doc", SHIPPED), ("AO Receiver", RECEIVED)])
def test_every_document_says_that_it_was_sent(books, site, doctype, number):
	names = {"AO Ship Doc": list(books.ship_doc_names.values()), "AO Receiver": books.receiver_names}[doctype]
	rows = site.get_all(
		doctype,
		{"name": ("in", names)},
		["name", "quickbooks_status", "quickbooks_reason"],
		order_by="name",
	)
	assert [(row.name, row.quickbooks_reason) for row in rows if row.quickbooks_status != "Sent"] == []
	assert len(rows) == number


def test_each_shipped_order_has_one_invoice_right_to_the_cent(northwind, books, company):
	invoices = company.get_invoices()
	by_number = {invoice["DocNumber"]: invoice for invoice in invoices}
	assert len(invoices) == len(by_number) == SHIPPED
	for order in northwind.shipped_orders:
		invoice = by_number[books.ship_doc_names[order.number]]
		assert Decimal(str(invoice["TotalAmt"])) == order.total, order.number
		assert invoice["TxnDate"] == order.shipped.isoformat(), order.number
		assert invoice["CustomerRef"]["name"] == " ".join(order.customer.split()), order.number


def test_grand_total_and_receivables_agree(books, company):
	total = sum(Decimal(str(invoice["TotalAmt"])) for invoice in company.get_invoices())
	assert total == GRAND_TOTAL
	assert Decimal(str(company.get_balance(RECEIVABLE))) == GRAND_TOTAL


def test_the_trial_balance_is_right_to_the_cent(year, books, company, calculated):
	assert read_trial_balance(company, LAST_YEAR) == carry_over(year, calculated, LAST_YEAR)


def test_what_is_on_the_shelves_is_worth_what_the_books_say(books, site, company, calculated):
	rows = site.get_all(
		"AO Item Stock", {"item": ("in", list(calculated.items))}, ["item", "value"], order_by="item"
	)
	ours = {row.item: round(row.value * 100) for row in rows}
	assert ours == {item: layers.cents for item, layers in calculated.items.items()}
	assert round(company.get_balance(INVENTORY) * 100) == calculated.inventory == sum(ours.values())
	assert read_amounts(company, "InventoryValuationSummary", report_date=LAST_DAY) == {}


def test_what_each_customer_owes_and_each_supplier_is_owed(books, company, calculated):
	for report, owed in (("CustomerBalance", calculated.customers), ("VendorBalance", calculated.vendors)):
		found = read_amounts(company, report, report_date=LAST_DAY)
		assert found == {" ".join(name.split()): cents for name, cents in owed.items() if cents}


def test_a_second_run_sends_nothing(books, site, company, host_info):
	"""Invoice or Bill pressed on all, what is queued released, the sweep: QuickBooks hears of no further write."""
	from allorders_qb.api.documents import record_selected
	from allorders_qb.sync.queue import send_waiting
	from allorders_qb.sync.scheduled import sweep_quickbooks_queue

	written = len(get_writes(company))
	selected = {"AO Ship Doc": list(books.ship_doc_names.values()), "AO Receiver": books.receiver_names}
	with books.measure("second run"):
		for doctype, names in selected.items():
			for start in range(0, len(names), MAX_SELECTED):
				results = record_selected(doctype, names[start : start + MAX_SELECTED])
				site.db.commit()
				assert all(result["ok"] for result in results)
		send_waiting()
		site.db.commit()
		sweep_quickbooks_queue()
		run_workers(host_info)
	assert len(get_writes(company)) == written
	assert len(company.get_invoices()) == SHIPPED


def test_where_the_time_went(books, site, company, capsys):
	"""Not a judgement, only numbers: how long each part took, and how much of the posting was waiting for QuickBooks."""
	writes = get_writes(company)
	assert len([entry for entry in writes if entry["entity"] == "Invoice"]) == SHIPPED
	waited = sum(
		site.get_all(
			"QuickBooks Call", {"realm_id": company.realm_id}, pluck="duration_ms", order_by="creation"
		)
	)
	documents = SHIPPED + RECEIVED
	counts = {
		"orders": ORDERS,
		"receivers and ship docs": documents,
		"posting": len(writes),
		"second run": documents,
	}
	spent = books.seconds["posting"]
	with capsys.disabled():
		print("\n\nNorthwind, where the time went:")
		for part, seconds in books.seconds.items():
			each = f"{seconds / counts[part] * 1000:9.1f} ms each" if part in counts else ""
			print(f"  {part:<26}{seconds:8.1f} s{each}")
		print(
			f"  posting: {len(writes) / spent:.1f} records per second by {WORKERS} workers; they spent"
			f" {waited / 1000 / (spent * WORKERS):.0%} of that time waiting for QuickBooks"
		)
