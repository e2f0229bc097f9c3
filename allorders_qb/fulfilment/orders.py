"""Orders and the documents that fill them: ship docs fill sales orders, receivers fill purchase orders.

The only writer of filled quantities, and of an order's status and percentage. Submitting (or cancelling) a document locks
the rows of its orders and their lines, in the order of their names, before anything is compared: two documents submitted at
the same moment cannot fill the same units twice. What differs between selling and buying is an `OrderKind`; its sentences
are `shipping` and `receiving`'s own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal

import frappe
from frappe import _
from frappe.model.document import Document
from pypika.terms import Case

from allorders_qb.fulfilment.arithmetic import (
	CANCELLED,
	DRAFT,
	SUBMITTED,
	ZERO,
	Fulfilment,
	compute_order_status,
	compute_percent_filled,
)
from allorders_qb.fulfilment.refusal import refuse
from allorders_qb.fulfilment.taxing import find_other_prices
from allorders_qb.money import to_decimal
from allorders_qb.stock.quantities import QUANTITY_PLACES, format_quantity


@dataclass
class OrderLine:
	"""A line of an order as it stands in the database; quantities in the item's stock unit."""

	name: str
	idx: int
	item: str
	ordered: Decimal
	filled: Decimal

	@property
	def fulfilment(self) -> Fulfilment:
		return Fulfilment(self.ordered, self.filled)


@dataclass
class Order:
	"""An order as it stands in the database, with its lines by row name."""

	name: str
	party: str
	currency: str
	prices_are: str | None
	docstatus: int
	is_closed: bool
	status: str
	lines: dict[str, OrderLine] = field(default_factory=dict)

	@property
	def fulfilments(self) -> list[Fulfilment]:
		return [line.fulfilment for line in self.lines.values()]


@dataclass(frozen=True)
class OrderKind:
	"""A kind of order, the documents that fill it, and what is said of them."""

	doctype: str
	party_field: str
	quantity_field: str
	"""Of an order's line, in stock units."""
	filled_field: str
	percent_field: str
	partial_status: str
	document: str
	"""The DocType that fills it."""
	order_field: str
	"""Of the document's line; its row of the order is in the same field with "_line" after it."""
	moved_field: str
	"""Of the document's line, in stock units."""
	say: Callable[[str], str]
	"""The sentence of that name, translated, with places to fill."""
	tolerance: Callable[[], Decimal] = lambda: ZERO
	"""How many percent more than was ordered may come."""

	@property
	def line(self) -> str:
		return f"{self.doctype} Line"

	@property
	def document_line(self) -> str:
		return f"{self.document} Line"

	@property
	def order_line_field(self) -> str:
		return f"{self.order_field}_line"

	def read_quantity(self, row: Document) -> Decimal:
		"""Return what a row of the document moves, in stock units."""
		return to_decimal(row.get(self.moved_field), QUANTITY_PLACES)


def read_orders(kind: OrderKind, names: Iterable[str], lock: bool = False) -> dict[str, Order]:
	"""Return orders by name, in two queries; with `lock` their rows stay ours until the transaction ends.

	A locking read sees what others have committed meanwhile, which a plain read in a running transaction does not.
	"""
	wanted = sorted(set(names))
	if not wanted:
		return {}
	order, line = frappe.qb.DocType(kind.doctype), frappe.qb.DocType(kind.line)
	order_query = (
		frappe.qb.from_(order)
		.select(
			order.name,
			order[kind.party_field].as_("party"),
			order.currency,
			order.prices_are,
			order.docstatus,
			order.is_closed,
			order.status,
		)
		.where(order.name.isin(wanted))
		.orderby(order.name)
	)
	line_query = (
		frappe.qb.from_(line)
		.select(
			line.parent,
			line.name,
			line.idx,
			line.item,
			line[kind.quantity_field].as_("ordered"),
			line[kind.filled_field].as_("filled"),
		)
		.where(line.parent.isin(wanted))
		.orderby(line.parent, line.idx)
	)
	if lock:
		order_query, line_query = order_query.for_update(), line_query.for_update()
	orders = {
		row.name: Order(
			row.name,
			row.party,
			row.currency,
			row.prices_are,
			row.docstatus,
			bool(row.is_closed),
			row.status,
		)
		for row in order_query.run(as_dict=True)
	}
	for row in line_query.run(as_dict=True):
		orders[row.parent].lines[row.name] = OrderLine(
			row.name,
			row.idx,
			row.item,
			to_decimal(row.ordered, QUANTITY_PLACES),
			to_decimal(row.filled, QUANTITY_PLACES),
		)
	return orders


def list_order_names(kind: OrderKind, document: Document) -> list[str]:
	"""Return the orders that a document fills, in the order of its rows."""
	return [row.get(kind.order_field) for row in document.lines if row.get(kind.order_field)]


def check_orders(kind: OrderKind, document: Document) -> None:
	"""Refuse a document that does not fit its orders; when it is being submitted, more than was ordered too.

	A draft may hold more than is left (it is only planned). Being submitted, the orders are locked first.
	"""
	for row in document.lines:
		if not row.get(kind.order_field):
			row.set(kind.order_line_field, None)
	happening = document.docstatus == SUBMITTED
	orders = read_orders(kind, list_order_names(kind, document), lock=happening)
	reasons = []
	for row in document.lines:
		if row.get(kind.order_field):
			reason = find_order_fault(kind, row, document, orders.get(row.get(kind.order_field)))
			if reason:
				reasons.append(reason)
	if happening and not reasons:
		reasons = find_over_filling(kind, document, orders)
	refuse(reasons, _("Not Possible for This Order"))


def find_order_fault(kind: OrderKind, row: Document, document: Document, order: Order | None) -> str | None:
	"""Return why a line cannot fill the order it names, or None. Fills in an omitted order line."""
	if order is None:
		return kind.say("missing").format(row.idx, row.get(kind.order_field))
	party = document.get(kind.party_field)
	if order.party != party:
		return kind.say("other_party").format(row.idx, order.name, order.party, party)
	if order.currency != document.currency:
		return kind.say("other_currency").format(row.idx, order.name, order.currency, document.currency)
	return (
		find_other_prices(document, row.idx, order.name, order.prices_are)
		or find_state_fault(kind, row, order)
		or find_line_fault(kind, row, order)
	)


def find_state_fault(kind: OrderKind, row: Document, order: Order) -> str | None:
	"""Return why the order cannot be filled now, or None."""
	if order.docstatus == DRAFT:
		return kind.say("draft").format(row.idx, order.name)
	if order.docstatus == CANCELLED:
		return _("Row {0}: {1} is cancelled. Take the row out, or choose another order.").format(
			row.idx, order.name
		)
	if order.is_closed:
		return kind.say("closed").format(row.idx, order.name)
	return None


def find_line_fault(kind: OrderKind, row: Document, order: Order) -> str | None:
	"""Return why the row does not match the order line it names, or None. Fills in an omitted order line."""
	if not row.get(kind.order_line_field):
		candidates = [line for line in order.lines.values() if line.item == row.item]
		if not candidates:
			return _("Row {0}: {1} is not on {2}.").format(row.idx, row.item, order.name)
		if len(candidates) > 1:
			return _(
				"Row {0}: {1} is on several lines of {2}. Take the row out and use Get Items From to choose."
			).format(row.idx, row.item, order.name)
		row.set(kind.order_line_field, candidates[0].name)
	line = order.lines.get(row.get(kind.order_line_field))
	if line is None:
		return _(
			"Row {0}: its order line is not a line of {1}. Take the row out and use Get Items From."
		).format(row.idx, order.name)
	if line.item != row.item:
		return _("Row {0}: {1} ordered {2} on that line, not {3}.").format(
			row.idx, order.name, line.item, row.item
		)
	return None


def find_over_filling(kind: OrderKind, document: Document, orders: dict[str, Order]) -> list[str]:
	"""Return a sentence for each row that moves more than its order line has left, its tolerance included."""
	reasons, tolerance = [], kind.tolerance()
	for row in document.lines:
		if not row.get(kind.order_field):
			continue
		line = orders[row.get(kind.order_field)].lines[row.get(kind.order_line_field)]
		quantity = kind.read_quantity(row)
		if quantity > max(line.fulfilment.compute_tolerated(tolerance), ZERO):
			reasons.append(describe_over_filling(kind, row, line, quantity, tolerance))
		# Two rows for one order line share what is left of it.
		line.filled += quantity
	return reasons


def describe_over_filling(
	kind: OrderKind, row: Document, line: OrderLine, quantity: Decimal, tolerance: Decimal
) -> str:
	"""Return the sentence about a row that moves too much: how much, of what, and what was left."""
	return kind.say("too_much").format(
		row.idx,
		describe_moved(row, quantity),
		row.item,
		format_quantity(line.fulfilment.remaining),
		row.get(kind.order_field),
		format_quantity(line.ordered),
		format_quantity(line.filled),
		_(", tolerated {0} percent more").format(format_quantity(tolerance)) if tolerance else "",
	)


def describe_moved(row: Document, quantity: Decimal) -> str:
	"""Return a row's quantity in stock units, behind it as it was entered where that is another unit: 9 dozen (108)."""
	unit = row.get("purchase_unit")
	if not unit or to_decimal(row.quantity, QUANTITY_PLACES) == quantity:
		return format_quantity(quantity)
	return (
		f"{format_quantity(to_decimal(row.quantity, QUANTITY_PLACES))} {unit} ({format_quantity(quantity)})"
	)


def record_filling(kind: OrderKind, document: Document, sign: int = 1) -> None:
	"""Add a submitted document's quantities to its orders (`sign` -1: take them off) and bring their status up to date."""
	changes: dict[str, Decimal] = defaultdict(Decimal)
	for row in document.lines:
		if row.get(kind.order_field):
			changes[row.get(kind.order_line_field)] += sign * kind.read_quantity(row)
	orders = read_orders(kind, list_order_names(kind, document), lock=True)
	changed = []
	for order in orders.values():
		for line in order.lines.values():
			if line.name in changes:
				line.filled += changes[line.name]
				changed.append(line)
	write_line_numbers(kind.line, kind.filled_field, {line.name: line.filled for line in changed})
	for order in orders.values():
		write_order_status(kind, order)


def write_line_numbers(line_doctype: str, fieldname: str, numbers: dict[str, Decimal]) -> None:
	"""Store one number of locked lines, by row name, in one statement."""
	if not numbers:
		return
	table = frappe.qb.DocType(line_doctype)
	number = Case()
	for name, value in numbers.items():
		number = number.when(table.name == name, float(value))
	(
		frappe.qb.update(table)
		.set(table[fieldname], number.else_(table[fieldname]))
		.where(table.name.isin(list(numbers)))
	).run()


def write_order_status(kind: OrderKind, order: Order) -> None:
	"""Compute and store status and percentage of a locked order."""
	frappe.db.set_value(
		kind.doctype,
		order.name,
		{
			"status": compute_order_status(
				order.docstatus, order.is_closed, order.fulfilments, kind.partial_status
			),
			kind.percent_field: float(compute_percent_filled(order.fulfilments)),
			"is_closed": int(order.is_closed),
		},
	)


def close_order(kind: OrderKind, name: str) -> None:
	"""Close a submitted order by hand: nothing more is moved on it until it is reopened.

	Raises frappe.ValidationError, saying why, when there is nothing to close.
	"""
	order = read_orders(kind, [name], lock=True)[name]
	if order.docstatus != SUBMITTED:
		refuse([_("{0} is not a submitted order; only those can be closed.").format(name)], _("Cannot Close"))
	if order.is_closed:
		refuse([_("{0} is closed already.").format(name)], _("Cannot Close"))
	if not any(line.remaining for line in order.fulfilments):
		refuse([kind.say("filled").format(name)], _("Cannot Close"))
	order.is_closed = True
	write_order_status(kind, order)
	frappe.get_doc(kind.doctype, name).add_comment("Info", _("closed this order"))


def reopen_order(kind: OrderKind, name: str) -> None:
	"""Reopen an order that was closed by hand; its status follows from what has been moved."""
	order = read_orders(kind, [name], lock=True)[name]
	if order.docstatus != SUBMITTED or not order.is_closed:
		refuse(
			[_("{0} was not closed by hand, so there is nothing to reopen.").format(name)], _("Cannot Reopen")
		)
	order.is_closed = False
	write_order_status(kind, order)
	frappe.get_doc(kind.doctype, name).add_comment("Info", _("reopened this order"))


def refuse_cancel_of_filled(kind: OrderKind, name: str) -> None:
	"""Refuse to cancel an order on which goods have moved, naming the documents."""
	order = read_orders(kind, [name], lock=True)[name]
	if any(line.filled for line in order.lines.values()):
		documents = ", ".join(list_documents(kind, name, SUBMITTED))
		refuse([kind.say("moved").format(name, documents)], _("Cannot Cancel"))


def list_documents(kind: OrderKind, order_name: str, docstatus: int) -> list[str]:
	"""Return the names of the documents (of one docstatus) with lines of this order, in order."""
	line = frappe.qb.DocType(kind.document_line)
	rows = (
		frappe.qb.from_(line)
		.select(line.parent)
		.distinct()
		.where(line[kind.order_field] == order_name)
		.where(line.docstatus == docstatus)
		.orderby(line.parent)
	).run()
	return [name for (name,) in rows]
