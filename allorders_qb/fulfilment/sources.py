"""Documents that take from what has happened before: a return from what was shipped or received, a bill from what was received.

The only writer of what has been taken of a line (returned, billed). Being submitted, a document locks the lines it takes
from, in the order of their names, before anything is compared: nothing is taken twice. What differs is a `SourceKind`, whose
sentences are those of its own module.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import formatdate, getdate

from allorders_qb.fulfilment.arithmetic import SUBMITTED
from allorders_qb.fulfilment.orders import write_line_numbers
from allorders_qb.fulfilment.refusal import refuse
from allorders_qb.fulfilment.taxing import find_other_prices, refuse_other_prices
from allorders_qb.money import to_decimal
from allorders_qb.stock.quantities import QUANTITY_PLACES, format_quantity


@dataclass
class SourceLine:
	"""A line that is taken from, as it stands in the database; quantities in stock units."""

	name: str
	source: str
	party: str
	currency: str
	exchange_rate: Decimal
	prices_are: str | None
	docstatus: int
	posting_date: Any
	item: str
	quantity: Decimal
	taken: Decimal

	@property
	def left(self) -> Decimal:
		return self.quantity - self.taken


@dataclass(frozen=True)
class SourceKind:
	"""What is taken from, and what is said of it."""

	doctype: str
	party_field: str
	quantity_field: str
	"""Of a source's line, in stock units."""
	taken_field: str
	document: str
	"""The DocType that takes."""
	source_field: str
	"""Of the taking line; its row of the source is in the same field with "_line" after it."""
	moved_field: str
	"""Of the taking line, in stock units."""
	say: Callable[[str], str]
	"""The sentence of that name, translated, with places to fill."""

	@property
	def line(self) -> str:
		return f"{self.doctype} Line"

	@property
	def source_line_field(self) -> str:
		return f"{self.source_field}_line"

	def read_quantity(self, row: Document) -> Decimal:
		"""Return what a row takes, in stock units."""
		return to_decimal(row.get(self.moved_field), QUANTITY_PLACES)


def read_source_lines(kind: SourceKind, names: list[str], lock: bool = False) -> dict[str, SourceLine]:
	"""Return lines that are taken from by row name; with `lock` they stay ours until the transaction ends."""
	if not names:
		return {}
	header, line = frappe.qb.DocType(kind.doctype), frappe.qb.DocType(kind.line)
	query = (
		frappe.qb.from_(line)
		.join(header)
		.on(header.name == line.parent)
		.select(
			line.name,
			header.name.as_("source"),
			header[kind.party_field].as_("party"),
			header.currency,
			header.exchange_rate,
			header.prices_are,
			header.docstatus,
			header.posting_date,
			line.item,
			line[kind.quantity_field].as_("quantity"),
			line[kind.taken_field].as_("taken"),
		)
		.where(line.name.isin(sorted(set(names))))
		.orderby(line.name)
	)
	if lock:
		query = query.for_update()
	return {
		row.name: SourceLine(
			row.name,
			row.source,
			row.party,
			row.currency,
			to_decimal(row.exchange_rate) or Decimal(1),
			row.prices_are,
			row.docstatus,
			row.posting_date,
			row.item,
			to_decimal(row.quantity, QUANTITY_PLACES),
			to_decimal(row.taken, QUANTITY_PLACES),
		)
		for row in query.run(as_dict=True)
	}


def list_source_names(kind: SourceKind, document: Document) -> list[str]:
	"""Return the documents that a document takes from, in the order of its rows."""
	return [row.get(kind.source_field) for row in document.lines if row.get(kind.source_field)]


def list_source_lines(kind: SourceKind, source: str) -> list[str]:
	"""Return the names of a source's lines, in their order."""
	return frappe.get_all(kind.line, filters={"parent": source}, pluck="name", order_by="idx")


def check_sources(kind: SourceKind, document: Document) -> None:
	"""Refuse a document that does not fit what it takes from; when it is being submitted, more than is left of it too."""
	reasons = []
	for row in document.lines:
		if not row.get(kind.source_field):
			row.set(kind.source_line_field, None)
		elif not row.get(kind.source_line_field):
			reasons += _find_source_line(kind, row)
	refuse(reasons, kind.say("title"))
	being_submitted = document.docstatus == SUBMITTED
	names = [row.get(kind.source_line_field) for row in document.lines if row.get(kind.source_line_field)]
	lines = read_source_lines(kind, names, lock=being_submitted)
	for row in document.lines:
		if row.get(kind.source_field):
			reason = _find_fault(kind, row, document, lines.get(row.get(kind.source_line_field)))
			if reason:
				reasons.append(reason)
	if being_submitted and not reasons:
		reasons = _find_over_taking(kind, document, lines)
	refuse(reasons, kind.say("title"))


def _find_source_line(kind: SourceKind, row: Document) -> list[str]:
	"""Fill in the source's line that a row means; return why none can be told."""
	source = row.get(kind.source_field)
	candidates = frappe.get_all(
		kind.line, filters={"parent": source, "item": row.item}, pluck="name", order_by="idx"
	)
	if len(candidates) == 1:
		row.set(kind.source_line_field, candidates[0])
		return []
	if candidates:
		return [
			_(
				"Row {0}: {1} is on several lines of {2}. Take the row out and use Get Items From to choose."
			).format(row.idx, row.item, source)
		]
	return [kind.say("not_on").format(row.idx, row.item, source)]


def _find_fault(kind: SourceKind, row: Document, document: Document, line: SourceLine | None) -> str | None:
	source, party = row.get(kind.source_field), document.get(kind.party_field)
	if line is None or line.source != source or line.item != row.item:
		return kind.say("another_line").format(row.idx, row.item, source)
	if line.docstatus != SUBMITTED:
		return kind.say("not_happened").format(row.idx, source)
	if line.party != party:
		return kind.say("other_party").format(row.idx, source, line.party, party)
	if line.currency != document.currency:
		return kind.say("other_currency").format(row.idx, source, line.currency, document.currency)
	other_prices = find_other_prices(document, row.idx, source, line.prices_are)
	if other_prices:
		return other_prices
	if getdate(document.posting_date) < getdate(line.posting_date):
		return kind.say("before").format(
			row.idx, source, formatdate(line.posting_date), formatdate(document.posting_date)
		)
	return None


def _find_over_taking(kind: SourceKind, document: Document, lines: dict[str, SourceLine]) -> list[str]:
	reasons = []
	for row in document.lines:
		if not row.get(kind.source_field):
			continue
		line = lines[row.get(kind.source_line_field)]
		quantity = kind.read_quantity(row)
		if quantity > line.left:
			reasons.append(
				kind.say("too_much").format(
					row.idx,
					format_quantity(quantity),
					row.item,
					format_quantity(line.left),
					line.source,
					format_quantity(line.quantity),
					format_quantity(line.taken),
				)
			)
		# Two rows for one line share what is left of it.
		line.taken += quantity
	return reasons


def check_rates(kind: SourceKind, document: Document) -> None:
	"""Refuse a document at another exchange rate than that of what it takes from; sentence `other_rate`."""
	names = [row.get(kind.source_line_field) for row in document.lines if row.get(kind.source_line_field)]
	lines = read_source_lines(kind, names)
	rate = to_decimal(document.exchange_rate)
	reasons = []
	for row in document.lines:
		line = lines.get(row.get(kind.source_line_field))
		if line and line.exchange_rate != rate:
			reasons.append(
				kind.say("other_rate").format(
					row.idx, line.source, f"{line.exchange_rate.normalize():f}", f"{rate.normalize():f}"
				)
			)
	refuse(reasons, _("Another Exchange Rate"))


def record_taking(kind: SourceKind, document: Document, sign: int = 1) -> None:
	"""Count what a submitted document takes on its sources' lines; `sign` -1 takes it off again."""
	changes: dict[str, Decimal] = defaultdict(Decimal)
	for row in document.lines:
		if row.get(kind.source_line_field):
			changes[row.get(kind.source_line_field)] += sign * kind.read_quantity(row)
	lines = read_source_lines(kind, list(changes), lock=True)
	write_line_numbers(
		kind.line, kind.taken_field, {line.name: line.taken + changes[line.name] for line in lines.values()}
	)


def find_left(kind: SourceKind, source: str, target: Document | None) -> dict[str, Decimal]:
	"""Return what each line of a source has left, by row name, less what the unsaved `target` holds already.

	Raises frappe.ValidationError, saying why, when nothing is left, or the source does not go with `target`.
	"""
	rows = [row for row in target.lines if row.item] if target else []
	held: dict[str, Decimal] = defaultdict(Decimal)
	for row in rows:
		held[row.get(kind.source_line_field)] += kind.read_quantity(row)
	lines = read_source_lines(kind, list_source_lines(kind, source))
	left = {
		name: line.left - held[name]
		for name in list_source_lines(kind, source)
		if (line := lines[name]).docstatus == SUBMITTED and line.left > held[name]
	}
	if not left:
		refuse([kind.say("nothing_left").format(source)], kind.say("nothing"))
	line = lines[next(iter(left))]
	party = target.get(kind.party_field) if target else None
	if rows and (party, target.currency) != (line.party, line.currency):
		refuse(
			[kind.say("mixed").format(source, line.party, line.currency, party, target.currency)],
			kind.say("another_party"),
		)
	if rows:
		refuse_other_prices(target, source, line.prices_are)
	return left


def list_takers(kind: SourceKind, source: str) -> list[str]:
	"""Return the submitted documents that have taken from a source, in order."""
	return frappe.get_all(
		f"{kind.document} Line",
		filters={kind.source_field: source, "docstatus": SUBMITTED},
		pluck="parent",
		distinct=True,
		order_by="parent",
	)


def refuse_cancel_of_taken(kind: SourceKind, source: Document) -> None:
	"""Refuse to cancel a document of which something has been taken, naming what took it."""
	takers = list_takers(kind, source.name)
	if takers:
		refuse([kind.say("taken").format(source.name, ", ".join(takers))], _("Cannot Cancel"))
