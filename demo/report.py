"""What was ordered, shipped and posted, what is not in QuickBooks and why, and whether the books tie."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import frappe
from frappe.utils import getdate

from allorders_qb.sync.registry import POSTING_TYPES
from allorders_qb.sync.status import get_state
from demo.books import Balance, Books, Invoice

ZERO = Decimal(0)
SUBMITTED, CANCELLED = 1, 2
IN_QUICKBOOKS = "Sent"
WORKINGS = {
	"AO Purchase Order": "total",
	"AO Receiver": "total",
	"AO Vendor Bill": "total",
	"AO Vendor Return": "total",
	"AO Work Order": "total_cost",
	"AO Customer Return": "total",
	"AO Payment": "amount",
	"AO Transfer": None,
	"AO Quantity Adjustment": "total_value_change",
}
"""What is printed beside the orders and ship docs, with the field of its amount."""


@dataclass
class Month:
	"""What happened in a month; amounts without sales tax, except ``tax``."""

	orders: int = 0
	ordered: Decimal = ZERO
	ship_docs: int = 0
	shipped: Decimal = ZERO
	invoices: int = 0
	invoiced: Decimal = ZERO
	tax: Decimal = ZERO


@dataclass
class Findings:
	"""What was looked at, and each thing that does not tie, in a sentence."""

	lines: list[str] = field(default_factory=list)
	faults: list[str] = field(default_factory=list)

	def compare(self, title: str, ours: Decimal, theirs: Decimal) -> None:
		"""Note whether two amounts that must be equal are."""
		if ours == theirs:
			self.lines.append(f"  ties     {title}: {format_amount(ours)}")
		else:
			self.faults.append(f"  DIFFERS  {title}: {format_amount(ours)} and {format_amount(theirs)}")


def read_ship_docs() -> list[Any]:
	"""Every ship doc of the site that is not cancelled."""
	return frappe.get_all(
		"AO Ship Doc",
		filters={"docstatus": ("!=", CANCELLED)},
		fields=[
			"name",
			"customer",
			"posting_date",
			"docstatus",
			"total",
			"quickbooks_status",
			"quickbooks_id",
			"quickbooks_tax",
			"quickbooks_total",
		],
		order_by="posting_date, name",
	)


def read_orders() -> list[Any]:
	return frappe.get_all(
		"AO Sales Order",
		filters={"docstatus": SUBMITTED},
		fields=["name", "order_date", "total", "status"],
		order_by="order_date, name",
	)


def to_amount(value: Any) -> Decimal:
	return Decimal(str(value or 0))


def format_amount(amount: Decimal) -> str:
	return f"{amount:,.2f}"


def print_table(
	heading: Sequence[str], rows: Sequence[Sequence[str]], last: Sequence[str] | None = None
) -> None:
	"""Print columns, the first to the left and the others to the right, with ``last`` under a rule."""
	everything = [heading, *rows, *([last] if last else [])]
	widths = [max(len(row[column]) for row in everything) for column in range(len(heading))]
	rule = "  " + "  ".join("-" * width for width in widths)
	for number, row in enumerate(everything):
		if number == 1 or (last and number == len(everything) - 1):
			print(rule)
		cells = [
			cell.ljust(width) if column == 0 else cell.rjust(width)
			for column, (cell, width) in enumerate(zip(row, widths, strict=True))
		]
		print("  " + "  ".join(cells).rstrip())


def print_business(orders: list[Any], ship_docs: list[Any]) -> None:
	"""Print by month what was ordered, shipped and posted."""
	months: dict[str, Month] = defaultdict(Month)
	for order in orders:
		month = months[f"{getdate(order.order_date):%Y-%m}"]
		month.orders += 1
		month.ordered += to_amount(order.total)
	for doc in ship_docs:
		if doc.docstatus != SUBMITTED:
			continue
		month = months[f"{getdate(doc.posting_date):%Y-%m}"]
		month.ship_docs += 1
		month.shipped += to_amount(doc.total)
		if doc.quickbooks_id:
			month.invoices += 1
			month.invoiced += to_amount(doc.quickbooks_total) - to_amount(doc.quickbooks_tax)
			month.tax += to_amount(doc.quickbooks_tax)
	whole = Month()
	for month in months.values():
		for name, value in vars(month).items():
			setattr(whole, name, getattr(whole, name) + value)
	print("\nOrdered, shipped, posted (US dollars, before sales tax)")
	print_table(
		("month", "orders", "ordered", "ship docs", "shipped", "invoices", "invoiced", "sales tax"),
		[list_cells(name, months[name]) for name in sorted(months)],
		list_cells("total", whole),
	)
	statuses: dict[str, int] = defaultdict(int)
	for order in orders:
		statuses[order.status] += 1
	print(
		"  orders by status: " + ", ".join(f"{count} {status}" for status, count in sorted(statuses.items()))
	)


def list_cells(title: str, month: Month) -> tuple[str, ...]:
	return (
		title,
		str(month.orders),
		format_amount(month.ordered),
		str(month.ship_docs),
		format_amount(month.shipped),
		str(month.invoices),
		format_amount(month.invoiced),
		format_amount(month.tax),
	)


def read_workings() -> list[Any]:
	"""Every submitted document of what is bought, made, moved, taken back and paid: doctype, name, amount, posted, status."""
	found = []
	for doctype, amount in WORKINGS.items():
		posts = doctype in POSTING_TYPES
		fields = [
			"name",
			*([amount] if amount else []),
			*(["quickbooks_id", "quickbooks_status"] if posts else []),
		]
		for row in frappe.get_all(doctype, filters={"docstatus": SUBMITTED}, fields=fields, order_by="name"):
			found.append(
				frappe._dict(
					doctype=doctype,
					name=row.name,
					amount=to_amount(row.get(amount)) if amount else ZERO,
					posts=posts,
					posted=bool(row.get("quickbooks_id")),
					status=row.get("quickbooks_status"),
				)
			)
	return found


def print_workings() -> None:
	"""Print how much was bought, made, moved, taken back and paid, and how much of that is in QuickBooks."""
	found = read_workings()
	print("\nBought, made, moved, taken back, paid")
	print_table(
		("document", "submitted", "amount", "in QuickBooks"),
		[
			(
				doctype.removeprefix("AO "),
				str(len(rows)),
				format_amount(sum((row.amount for row in rows), ZERO)) if amount else "",
				str(sum(row.posted for row in rows)) if doctype in POSTING_TYPES else "never posts",
			)
			for doctype, amount in WORKINGS.items()
			if (rows := [row for row in found if row.doctype == doctype])
		],
	)
	for row in found:
		if row.posts and not row.posted:
			print(f"  {row.name}: {get_state(row.doctype, row.name).sentence}")


def print_absent(ship_docs: list[Any]) -> None:
	"""Print what is not in QuickBooks, by reason."""
	reasons: dict[str, list[Any]] = defaultdict(list)
	for doc in ship_docs:
		if doc.quickbooks_status != IN_QUICKBOOKS:
			reasons[get_state("AO Ship Doc", doc.name).sentence].append(doc)
	print("\nNot in QuickBooks, and why")
	if not reasons:
		print("  nothing: every ship doc is there")
	for reason, docs in sorted(reasons.items(), key=lambda entry: -len(entry[1])):
		amount = sum((to_amount(doc.total) for doc in docs), ZERO)
		print(f"  {len(docs)} x {format_amount(amount)}: {reason}")
		print(
			f"      {', '.join(f'{doc.name} {doc.customer}' for doc in docs[:6])}{' …' if len(docs) > 6 else ''}"
		)


def print_trial_balance(balances: list[Balance], company: str) -> None:
	"""Print the trial balance as QuickBooks reports it."""
	print(f"\nTrial balance of {company} in QuickBooks")
	print_table(
		("account", "debit", "credit"),
		[
			(
				row.account,
				format_amount(row.debit) if row.debit else "",
				format_amount(row.credit) if row.credit else "",
			)
			for row in balances
		],
		(
			"total",
			format_amount(sum((row.debit for row in balances), ZERO)),
			format_amount(sum((row.credit for row in balances), ZERO)),
		),
	)


def check_books(
	ship_docs: list[Any],
	invoices: list[Invoice],
	balances: list[Balance],
	told: Decimal,
	loaded: Decimal,
) -> Findings:
	"""Compare our documents, the invoices, and the books, to the cent.

	``told`` is what the story's shipments must come to by its files alone, ``loaded`` what their documents come to.
	"""
	findings = Findings()
	posted = [doc for doc in ship_docs if doc.quickbooks_id]
	findings.compare("the story's shipments, and their ship docs", told, loaded)
	findings.compare(
		"the posted ship docs, and the invoices before tax",
		sum((to_amount(doc.total) for doc in posted), ZERO),
		sum((invoice.total - invoice.tax for invoice in invoices), ZERO),
	)
	findings.compare(
		"debits, and credits",
		sum((row.debit for row in balances), ZERO),
		sum((row.credit for row in balances), ZERO),
	)
	findings.faults += find_unequal(posted, invoices)
	if not findings.faults:
		findings.lines.append(f"  ties     each of {len(posted)} ship docs with its one invoice, to the cent")
	return findings


def check_parties(findings: Findings, books: Books, balances: list[Balance]) -> None:
	"""Compare what customers owe and what is owed to vendors with the transactions behind it, to the cent."""
	findings.compare(
		"receivables (A/R), and invoices less credit memos and payments",
		books.get_receivable(balances),
		books.add_up("Invoice") - books.add_up("CreditMemo") - books.add_up("Payment"),
	)
	findings.compare(
		"payables (A/P), and bills less vendor credits",
		books.get_payable(balances),
		books.add_up("Bill") - books.add_up("VendorCredit"),
	)
	for doctypes, entity in (
		(("AO Receiver", "AO Vendor Bill"), "Bill"),
		(("AO Vendor Return",), "VendorCredit"),
		(("AO Payment",), "Payment"),
	):
		ours = sum((row.amount for row in read_workings() if row.doctype in doctypes and row.posted), ZERO)
		findings.compare(
			f"the posted {' and '.join(name.removeprefix('AO ').lower() + 's' for name in doctypes)}, and QuickBooks' {entity}s",
			ours,
			books.add_up(entity),
		)


def find_unequal(posted: list[Any], invoices: list[Invoice]) -> list[str]:
	"""A sentence for each document without its own invoice, or with one over another amount."""
	by_id = {invoice.id: invoice for invoice in invoices}
	faults = []
	if len(posted) != len(invoices):
		faults.append(
			f"  DIFFERS  {len(posted)} ship docs are posted, QuickBooks has {len(invoices)} invoices"
		)
	for doc in posted:
		invoice = by_id.get(doc.quickbooks_id)
		if not invoice:
			faults.append(f"  MISSING  {doc.name}: QuickBooks has no invoice {doc.quickbooks_id}")
		elif invoice.total - invoice.tax != to_amount(doc.total):
			faults.append(
				f"  DIFFERS  {doc.name}: {format_amount(to_amount(doc.total))} here, "
				f"{format_amount(invoice.total - invoice.tax)} in QuickBooks"
			)
	return faults
