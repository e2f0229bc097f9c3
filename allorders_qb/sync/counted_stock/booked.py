"""What stands on *Inventory Cost Difference* already, by document and item: from our own journals, as they were sent."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

import frappe

from allorders_qb.mapping.search import list_moves
from allorders_qb.money import to_decimal
from allorders_qb.stock.entries import ENTRY
from allorders_qb.sync.counted_stock.causes import LANDED_COST
from allorders_qb.sync.counted_stock.groups import VENDOR_BILL, Document
from allorders_qb.sync.counted_stock.our_side import Moved, merge_groups
from allorders_qb.sync.links import LINK, load_object

TRUE_UP = "AO Cost True-Up"
LINE = "AO Cost True-Up Line"
ITEM = "AO Cost True-Up Item"
ZERO = Decimal(0)
OWN_JOURNALS = ("AO Value Adjustment", VENDOR_BILL)
"""Documents that book a change of value on that account by a journal of their own."""


@dataclass
class Booked:
	"""What is booked: by document and item; of it what true-ups booked as landed cost, by document; and by item what a person
	decided about what no document explains."""

	moved: dict[Moved, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
	landed: dict[Document, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
	decided: dict[str, Decimal] = field(default_factory=lambda: defaultdict(Decimal))

	def sum_by_item(self) -> dict[str, Decimal]:
		"""All that stands there, by item."""
		sums: dict[str, Decimal] = defaultdict(Decimal, self.decided)
		for one, amount in self.moved.items():
			sums[one.item] += amount
		return sums


def read_booked(
	realm_id: str, groups: dict[Document, Document], settings: Any, start: date, day: date
) -> Booked:
	"""What is booked by documents dated in a period and by every true-up that was submitted, of those in one group together."""
	booked = Booked()
	_add_own_journals(booked, realm_id, settings, start, day)
	booked.moved = defaultdict(Decimal, merge_groups(booked.moved, groups))
	true_ups = frappe.get_all(
		TRUE_UP, filters={"docstatus": 1, "never_send": 0}, pluck="name", order_by="creation"
	)
	lines = frappe.get_all(
		LINE,
		filters={"parenttype": TRUE_UP, "parent": ("in", true_ups or [""]), "item": ("is", "set")},
		fields=["reference_doctype", "reference_name", "item", "cause", "difference"],
		order_by="creation, idx",
	)
	for line in lines:
		document, amount = (line.reference_doctype, line.reference_name), to_decimal(line.difference, 2)
		document = groups.get(document, document)
		booked.moved[Moved(*document, line.item)] += amount
		if line.cause == LANDED_COST:
			booked.landed[document] += amount
	decided = frappe.get_all(
		ITEM,
		filters={"parenttype": TRUE_UP, "parent": ("in", true_ups or [""]), "account": ("is", "set")},
		fields=["item", "unexplained"],
		order_by="creation, idx",
	)
	for row in decided:
		booked.decided[row.item] += to_decimal(row.unexplained, 2)
	return booked


def _add_own_journals(booked: Booked, realm_id: str, settings: Any, start: date, day: date) -> None:
	account = frappe.db.get_value("QuickBooks Account", settings.cost_difference_account, "quickbooks_id")
	for doctype in OWN_JOURNALS:
		dated = frappe.get_all(
			doctype, filters=[["posting_date", "between", [start, day]]], pluck="name", order_by="name"
		)
		links = frappe.get_all(
			LINK,
			filters={
				"realm_id": realm_id,
				"reference_doctype": doctype,
				"reference_name": ("in", dated or [""]),
				"entity": "JournalEntry",
			},
			fields=["reference_doctype", "reference_name", "creation", "snapshot"],
			order_by="creation",
		)
		for link in links:
			moves = list_moves(load_object(link.snapshot))
			total = sum((amount for one, amount in moves if one == account), ZERO)
			for item, amount in _divide(link, total).items():
				booked.moved[Moved(doctype, link.reference_name, item)] += amount


def _divide(link: frappe._dict, total: Decimal) -> dict[str, Decimal]:
	"""What of a journal is of which item: what the lines that it books had moved when it was sent; the last bears what is left."""
	filters = {
		"voucher_type": link.reference_doctype,
		"voucher_no": link.reference_name,
		"creation": ("<=", link.creation),
	}
	if link.reference_doctype == VENDOR_BILL:
		# Its goods' own prices are on the bill, and in QuickBooks' stock.
		costs = frappe.get_all(
			"AO Vendor Bill Landed Cost",
			filters={"parent": link.reference_name},
			pluck="name",
			order_by="idx",
		)
		filters["voucher_line"] = ("in", costs or [""])
	parts: dict[str, Decimal] = defaultdict(Decimal)
	for entry in frappe.get_all(
		ENTRY, filters=filters, fields=["item", "value_change"], order_by="item, sequence"
	):
		parts[entry.item] += to_decimal(entry.value_change, 2)
	if parts:
		parts[max(parts)] += total - sum(parts.values(), ZERO)
	return parts
