"""What our FIFO value differs from QuickBooks', item by item: what documents explain of it, by cause, and what nothing explains.

Required is, for each item, our value less QuickBooks'; booked is what stands on *Inventory Cost Difference* of it. A document
explains what it did to our value less what its transactions did to QuickBooks'. What is left when all documents are counted
(the opening stock, what a person did in QuickBooks, what is never sent) is unexplained: a person decides about it.
Source: ``accounting.md`` 4 of the design notes.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from frappe import _
from frappe.utils import getdate

from allorders_qb.qbo.client import QuickBooksClient
from allorders_qb.qbo.reports import Stock
from allorders_qb.sync.counted_stock.booked import Booked, read_booked
from allorders_qb.sync.counted_stock.causes import (
	LANDED_COST,
	find_account,
	find_cause,
	find_landed_difference,
)
from allorders_qb.sync.counted_stock.groups import find_groups
from allorders_qb.sync.counted_stock.our_side import Moved, OurSide, read_moved, read_our_side
from allorders_qb.sync.counted_stock.reading import NOTHING, TheirSide, read_their_side

ZERO = Decimal(0)


@dataclass(frozen=True)
class Explained:
	"""What one document makes our value of one item differ by, and is not booked yet."""

	moved: Moved
	cause: str
	account: str | None
	ours: Decimal
	booked: Decimal
	amount: Decimal
	"""What of the difference has this cause."""

	def show(self) -> dict[str, Any]:
		"""As a line of a true-up."""
		return {
			"reference_doctype": self.moved.doctype,
			"reference_name": self.moved.name,
			"item": self.moved.item,
			"cause": self.cause,
			"posted_value": float(self.ours - self.amount),
			"current_value": float(self.ours),
			"difference": float(self.amount),
			"account": self.account,
			"ledger_value": float(self.ours),
			"booked_value": float(self.booked),
		}


@dataclass(frozen=True)
class ItemDifference:
	"""One item: both sides' stock, what is booked of the difference, what documents explain besides, and the sentence why the
	item can't be compared now."""

	item: str
	ours: Stock
	theirs: Stock
	booked: Decimal
	explained: Decimal
	left_out: str = ""

	@property
	def required(self) -> Decimal:
		return self.ours.value - self.theirs.value

	@property
	def unexplained(self) -> Decimal:
		return ZERO if self.left_out else self.required - self.booked - self.explained

	def show(self) -> dict[str, Any]:
		"""As a row of a true-up."""
		return {
			"item": self.item,
			"our_quantity": float(self.ours.quantity),
			"quickbooks_quantity": float(self.theirs.quantity),
			"our_value": float(self.ours.value),
			"quickbooks_value": float(self.theirs.value),
			"difference": float(self.required),
			"booked": float(self.booked),
			"to_book": 0.0 if self.left_out else float(self.explained),
			"unexplained": float(self.unexplained),
			"left_out": self.left_out or None,
		}


@dataclass(frozen=True)
class Differences:
	"""What is to be booked, document by document, and the items that differ or can't be compared, at the end of a day."""

	day: date
	explained: list[Explained]
	items: list[ItemDifference]


def find_differences(client: QuickBooksClient, realm_id: str, settings: Any, day: date) -> Differences:
	"""Compare both sides at the end of ``day``; QuickBooks is asked. Nothing is written."""
	start = getdate(settings.inventory_start_date)
	theirs = read_their_side(client, realm_id, start, day)
	raw, groups = read_moved(start, day), find_groups()
	ours = read_our_side(realm_id, raw, groups, start, day)
	booked = read_booked(realm_id, groups, settings, start, day)
	return compare_sides(realm_id, settings, day, ours, theirs, booked)


def compare_sides(
	realm_id: str, settings: Any, day: date, ours: OurSide, theirs: TheirSide, booked: Booked
) -> Differences:
	"""Both sides, item by item and document by document."""
	left_out = {
		**dict.fromkeys(
			theirs.unclear,
			_(
				"QuickBooks' reports do not agree about it (somebody may just be working there). Read QuickBooks again; "
				"if it stays, compare its transactions with its value there."
			),
		),
		**ours.unsettled,
	}
	explained = _leave_out_even(
		[one for one in _explain(realm_id, settings, ours, theirs, booked) if one.moved.item not in left_out]
	)
	stands, by_item = booked.sum_by_item(), defaultdict(Decimal)
	for one in explained:
		by_item[one.moved.item] += one.amount
	items = [
		ItemDifference(
			item,
			ours.stock.get(item, NOTHING),
			theirs.stock.get(item, NOTHING),
			stands[item],
			by_item[item],
			left_out.get(item, ""),
		)
		for item in sorted({*ours.stock, *theirs.stock, *stands})
	]
	shown = [item for item in items if item.left_out or item.explained or item.unexplained]
	return Differences(day, explained, shown)


def _leave_out_even(explained: list[Explained]) -> list[Explained]:
	"""Without what adds up to nothing on an item's accounts: what a later bill charges to goods, say, and what they cost more when
	they were sold."""
	sums: dict[tuple[str, str | None], Decimal] = defaultdict(Decimal)
	for one in explained:
		sums[one.moved.item, one.account] += one.amount
	return [one for one in explained if sums[one.moved.item, one.account]]


def _explain(
	realm_id: str, settings: Any, ours: OurSide, theirs: TheirSide, booked: Booked
) -> Iterator[Explained]:
	"""What each document that is in QuickBooks, or was trued up before, differs by and is not booked yet."""
	known = set(ours.transactions.values())
	there: dict[Moved, Decimal] = defaultdict(Decimal)
	for (transaction, item), amount in theirs.moved.items():
		if document := ours.transactions.get(transaction):
			there[Moved(*document, item)] += amount
	for one in sorted(
		{*there, *booked.moved, *(one for one in ours.moved if (one.doctype, one.name) in known)}
	):
		found = Explained(
			one,
			find_cause(one.doctype, one.name),
			find_account(*one, settings),
			ours.moved.get(one, ZERO),
			booked.moved.get(one, ZERO),
			ours.moved.get(one, ZERO) - there.get(one, ZERO) - booked.moved.get(one, ZERO),
		)
		if found.amount:
			yield from _divide(realm_id, settings, found, booked)


def _divide(realm_id: str, settings: Any, found: Explained, booked: Booked) -> Iterator[Explained]:
	"""One document's difference of one item, by cause: of a receiver, what its freight and duty make of it, and the rest."""
	document = found.moved.doctype, found.moved.name
	landed = ZERO
	if document[0] == "AO Receiver":
		landed = find_landed_difference(realm_id, document[1], settings) - booked.landed[document]
	if landed:
		# One item bears it; what the others differ by is no freight.
		booked.landed[document] += landed
		clearing = settings.landed_cost_clearing_account
		yield replace(found, cause=LANDED_COST, account=clearing, amount=landed)
	if found.amount != landed:
		yield replace(found, amount=found.amount - landed)
