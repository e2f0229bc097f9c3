"""What our ledger says of the same stock, document by document, and what of it can be compared with QuickBooks by now."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

import frappe
from frappe import _
from frappe.query_builder.functions import Sum

from allorders_qb.money import to_decimal
from allorders_qb.qbo.reports import Stock
from allorders_qb.stock.entries import ENTRY
from allorders_qb.stock.quantities import QUANTITY_PLACES
from allorders_qb.stock.recosting import list_due_items
from allorders_qb.sync import rows
from allorders_qb.sync.counted_stock.groups import RECEIVER, Document, list_billed_later
from allorders_qb.sync.links import LINK
from allorders_qb.sync.registry import POSTING_TYPES
from allorders_qb.sync.status import DIFFERS, NEVER_SEND

ZERO = Decimal(0)
SETTLED = (rows.SENT, DIFFERS, rows.NOT_NEEDED, NEVER_SEND)
"""Statuses of a document of which QuickBooks has what it is to have, as we sent it."""


class Moved(NamedTuple):
	"""One of our documents and one item of it."""

	doctype: str
	name: str
	item: str


@dataclass(frozen=True)
class OurSide:
	"""Our stock at the end of a day, in home currency.

	``stock`` by item; ``moved`` what each document, or group of them (``groups``), dated from the start of inventory on did to the
	value; ``transactions`` the document that each QuickBooks transaction of ours is of; ``unsettled`` the sentence why an item
	can't be compared yet.
	"""

	stock: dict[str, Stock]
	moved: dict[Moved, Decimal]
	transactions: dict[str, Document]
	unsettled: dict[str, str]


def read_our_side(
	realm_id: str, raw: dict[Moved, Decimal], groups: dict[Document, Document], start: date, day: date
) -> OurSide:
	"""Our side at the end of ``day``, of what each document moved (``raw``); nothing is asked of QuickBooks."""
	return OurSide(
		stock=read_stock(day),
		moved=merge_groups(raw, groups),
		transactions={
			transaction: groups.get(document, document)
			for transaction, document in list_transactions(realm_id).items()
		},
		unsettled=find_unsettled(set(raw), groups, start, day),
	)


def merge_groups(raw: dict[Moved, Decimal], groups: dict[Document, Document]) -> dict[Moved, Decimal]:
	"""What documents moved, of those in one group together."""
	merged: dict[Moved, Decimal] = defaultdict(Decimal)
	for one, amount in raw.items():
		merged[Moved(*groups.get((one.doctype, one.name), (one.doctype, one.name)), one.item)] += amount
	return dict(merged)


def read_stock(day: date, items: Iterable[str] | None = None) -> dict[str, Stock]:
	"""Quantity and value of each item (of these, or of all) at the end of a day."""
	entry = frappe.qb.DocType(ENTRY)
	query = (
		frappe.qb.from_(entry)
		.select(entry.item, Sum(entry.quantity_change), Sum(entry.value_change))
		.where(entry.posting_date <= day)
		.groupby(entry.item)
		.orderby(entry.item)
	)
	if items is not None:
		query = query.where(entry.item.isin(sorted(set(items)) or [""]))
	return {
		item: Stock(to_decimal(quantity, QUANTITY_PLACES), to_decimal(value, 2))
		for item, quantity, value in query.run()
	}


def read_moved(start: date, day: date) -> dict[Moved, Decimal]:
	"""What each document dated in a period did to the value of each of its items."""
	entry = frappe.qb.DocType(ENTRY)
	found = (
		frappe.qb.from_(entry)
		.select(entry.voucher_type, entry.voucher_no, entry.item, Sum(entry.value_change))
		.where((entry.posting_date >= start) & (entry.posting_date <= day))
		.groupby(entry.voucher_type, entry.voucher_no, entry.item)
		.orderby(entry.voucher_no, entry.item)
		.run()
	)
	return {Moved(doctype, name, item): to_decimal(value, 2) for doctype, name, item, value in found}


def list_transactions(realm_id: str) -> dict[str, Document]:
	"""The document (DocType, name) of each transaction that we have in QuickBooks, by its Id: no two transactions share one."""
	found = frappe.get_all(
		LINK,
		filters={"realm_id": realm_id, "reference_doctype": ("in", list(POSTING_TYPES))},
		fields=["quickbooks_id", "reference_doctype", "reference_name"],
		order_by="creation",
	)
	return {row.quickbooks_id: (row.reference_doctype, row.reference_name) for row in found}


def find_unsettled(
	moved: set[Moved], groups: dict[Document, Document], start: date, day: date
) -> dict[str, str]:
	"""By item, the sentence of a document that moved it and that QuickBooks does not have, or has otherwise, or on another day; or
	that the item's cost is just being worked out anew."""
	items: dict[Document, set[str]] = defaultdict(set)
	for one in moved:
		document = one.doctype, one.name
		items[document].add(one.item)
		items[groups.get(document, document)].add(one.item)
	found: dict[str, str] = {}

	def note(document: Document, sentence: str) -> None:
		for item in items.get(document, ()):
			found.setdefault(item, sentence)

	for doctype in POSTING_TYPES:
		for doc in _list_open(doctype, start, day):
			document = doctype, doc.name
			reason = f"{_(doctype)} {doc.name}: {doc.quickbooks_reason or doc.quickbooks_status}"
			note(groups.get(document, document), reason)
	for late in list_billed_later(day):
		note(
			(RECEIVER, late.receiver),
			_(
				"{0} is billed by {1}, which is dated later: on this day QuickBooks does not have its goods."
			).format(late.receiver, late.bill),
		)
	for item in list_due_items():
		found.setdefault(
			item,
			_(
				"The cost of {0} is being worked out anew after a back-dated document; try again in a minute."
			).format(item),
		)
	return found


def _list_open(doctype: str, start: date, day: date) -> list[frappe._dict]:
	return frappe.get_all(
		doctype,
		filters=[
			["docstatus", "=", 1],
			["posting_date", "between", [start, day]],
			["quickbooks_status", "not in", list(SETTLED)],
			["never_send", "=", 0],
		],
		fields=["name", "quickbooks_status", "quickbooks_reason"],
		order_by="posting_date, name",
	)
