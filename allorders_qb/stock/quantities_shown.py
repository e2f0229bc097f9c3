"""The quantities that All Orders shows of an item, per location. Reads only.

Source: the definitions of All Orders' own inventory screens. On hand is what the ledger says; what drafts have set aside
(ship docs, work orders) is not available any more, what customers have announced (RMAs) is, unless AO Settings say otherwise.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, fields
from decimal import Decimal

import frappe
from frappe.query_builder.functions import Sum
from pypika.queries import QueryBuilder
from pypika.terms import Term

from allorders_qb.money import to_decimal
from allorders_qb.stock.quantities import QUANTITY_PLACES

DRAFT, SUBMITTED = 0, 1
ZERO = Decimal(0)
ASSEMBLE, DISASSEMBLE = "Assemble", "Disassemble"
IN_PRODUCTION = "In Production"
BACK_TO_STOCK = "Back to Stock"

Place = tuple[str, str]
"""(item, location); an empty location is that of documents that name none."""


@dataclass
class Quantities:
	"""What there is of an item, and what is asked of it, in its unit.

	`committed`: on ship docs not yet shipped. `allocated`: taken for work orders not yet finished. `returning`: on customer
	returns not here yet, meant for stock. `required`: ordered by customers and not shipped, and needed by work orders and not
	allocated. `committed_to_orders`: what of `committed` fills those orders. `reserved`: what of `required` has a purchase
	order or a work order of its own. `on_order`: ordered from vendors and not received, and on planned work orders.
	`in_production`: on work orders under way.
	"""

	on_hand: Decimal = ZERO
	committed: Decimal = ZERO
	committed_to_orders: Decimal = ZERO
	allocated: Decimal = ZERO
	returning: Decimal = ZERO
	required: Decimal = ZERO
	reserved: Decimal = ZERO
	on_order: Decimal = ZERO
	in_production: Decimal = ZERO
	counts_returning: bool = True

	@property
	def available(self) -> Decimal:
		"""On hand, less what is set aside, with what comes back where that counts."""
		returning = self.returning if self.counts_returning else ZERO
		return self.on_hand - self.committed - self.allocated + returning

	@property
	def deficiency(self) -> Decimal:
		"""What is required beyond what is available or coming. What is committed to an order is set aside for it already."""
		coming = self.available + self.on_order + self.in_production
		return max(self.required - self.committed_to_orders - coming, ZERO)

	def __add__(self, other: Quantities) -> Quantities:
		added = {
			field.name: getattr(self, field.name) + getattr(other, field.name)
			for field in fields(self)
			if field.name != "counts_returning"
		}
		return Quantities(**added, counts_returning=self.counts_returning)


SHOWN = (
	"on_hand",
	"available",
	"committed",
	"reserved",
	"required",
	"on_order",
	"in_production",
	"deficiency",
)
"""The quantities in the order in which they are shown."""


def get_item_quantities(item: str, location: str | None = None) -> Quantities:
	"""Return an item's quantities, at one location or at all of them together."""
	places = read_quantities([item], location)
	total = Quantities(counts_returning=_counts_returning())
	for quantities in places.values():
		total += quantities
	return total


def get_stock_levels(item: str) -> dict[str, float | list[dict[str, str | float]]]:
	"""Return what the item's form shows: each of SHOWN, and `locations`, the same for every place that has any."""
	places = read_quantities([item])
	rows = [{"location": location, **to_floats(places[item, location])} for _item, location in sorted(places)]
	return {"locations": rows, **to_floats(get_item_quantities(item))}


def to_floats(quantities: Quantities) -> dict[str, float]:
	"""Return the quantities that are shown as the desk takes them, by name."""
	return {name: float(getattr(quantities, name)) for name in SHOWN}


def read_quantities(
	items: Iterable[str] | None = None, location: str | None = None
) -> dict[Place, Quantities]:
	"""Return the quantities per (item, location) of these items (None: of all), at one location or at every one that has any."""
	counts_returning = _counts_returning()
	places: dict[Place, Quantities] = defaultdict(lambda: Quantities(counts_returning=counts_returning))
	wanted = None if items is None else sorted(set(items)) or [""]
	for name, rows in (
		("on_hand", _read_on_hand(wanted)),
		("committed", _read_committed(wanted)),
		("committed_to_orders", _read_committed(wanted, to_orders=True)),
		("returning", _read_returning(wanted)),
		("required", _read_required(wanted)),
		("required", _read_components(wanted, "required_quantity")),
		("required", _read_components(wanted, "allocated_quantity", Decimal(-1))),
		("required", _read_taken_apart(wanted)),
		("allocated", _read_components(wanted, "allocated_quantity")),
		("on_order", _read_on_order(wanted)),
		("on_order", _read_being_made(wanted, under_way=False)),
		("in_production", _read_being_made(wanted, under_way=True)),
		("reserved", _read_reserved(wanted)),
	):
		for (item, place), quantity in rows:
			if location is None or place == location:
				setattr(places[item, place], name, getattr(places[item, place], name) + quantity)
	return dict(places)


def _counts_returning() -> bool:
	return not frappe.get_cached_doc("AO Settings").exclude_returns_from_available


def _run(query: QueryBuilder, items: list[str] | None, item: Term) -> list[tuple[Place, Decimal]]:
	"""Return the rows of a query of (item, location, quantity), of these items alone."""
	if items is not None:
		query = query.where(item.isin(items))
	return [
		((code, place or ""), to_decimal(quantity, QUANTITY_PLACES)) for code, place, quantity in query.run()
	]


def _read_on_hand(items: list[str] | None) -> list[tuple[Place, Decimal]]:
	balance = frappe.qb.DocType("AO Stock Balance")
	query = frappe.qb.from_(balance).select(balance.item, balance.location, balance.on_hand)
	return _run(query.orderby(balance.item, balance.location), items, balance.item)


def _sum_lines(doctype: str, quantity: str, docstatus: int) -> tuple[QueryBuilder, Term, Term]:
	"""Return a query of (item, location, sum of a quantity) over a document's lines, with the tables of header and line."""
	header, line = frappe.qb.DocType(doctype), frappe.qb.DocType(f"{doctype} Line")
	query = (
		frappe.qb.from_(line)
		.join(header)
		.on(header.name == line.parent)
		.select(line.item, header.location, Sum(line[quantity]))
		.where(header.docstatus == docstatus)
		.groupby(line.item, header.location)
		.orderby(line.item, header.location)
	)
	return query, header, line


def _read_committed(items: list[str] | None, to_orders: bool = False) -> list[tuple[Place, Decimal]]:
	query, _header, line = _sum_lines("AO Ship Doc", "quantity", DRAFT)
	if to_orders:
		query = query.where(line.sales_order.isnotnull() & (line.sales_order != ""))
	return _run(query, items, line.item)


def _read_returning(items: list[str] | None) -> list[tuple[Place, Decimal]]:
	query, _header, line = _sum_lines("AO Customer Return", "quantity", DRAFT)
	return _run(query.where(line.disposition == BACK_TO_STOCK), items, line.item)


def _read_open(
	doctype: str, quantity: str, filled: str, items: list[str] | None
) -> list[tuple[Place, Decimal]]:
	"""Return what of open orders has not moved yet."""
	header, line = frappe.qb.DocType(doctype), frappe.qb.DocType(f"{doctype} Line")
	query = (
		frappe.qb.from_(line)
		.join(header)
		.on(header.name == line.parent)
		.select(line.item, header.location, Sum(line[quantity] - line[filled]))
		.where((header.docstatus == SUBMITTED) & (header.is_closed == 0) & (line[quantity] > line[filled]))
		.groupby(line.item, header.location)
		.orderby(line.item, header.location)
	)
	return _run(query, items, line.item)


def _read_required(items: list[str] | None) -> list[tuple[Place, Decimal]]:
	return _read_open("AO Sales Order", "quantity", "shipped_quantity", items)


def _read_on_order(items: list[str] | None) -> list[tuple[Place, Decimal]]:
	return _read_open("AO Purchase Order", "stock_quantity", "received_quantity", items)


def _read_components(
	items: list[str] | None, quantity: str, sign: Decimal = Decimal(1)
) -> list[tuple[Place, Decimal]]:
	"""Return what work orders that are not finished take (of what is taken apart, its parts are no need)."""
	header, line = frappe.qb.DocType("AO Work Order"), frappe.qb.DocType("AO Work Order Component")
	query = (
		frappe.qb.from_(line)
		.join(header)
		.on(header.name == line.parent)
		.select(line.item, header.location, Sum(line[quantity]))
		.where((header.docstatus == DRAFT) & (header.work_kind == ASSEMBLE))
		.groupby(line.item, header.location)
		.orderby(line.item, header.location)
	)
	return [(place, sign * amount) for place, amount in _run(query, items, line.item)]


def _read_work_orders(
	items: list[str] | None, kind: str, under_way: bool | None
) -> list[tuple[Place, Decimal]]:
	header = frappe.qb.DocType("AO Work Order")
	query = (
		frappe.qb.from_(header)
		.select(header.item, header.location, Sum(header.quantity))
		.where((header.docstatus == DRAFT) & (header.work_kind == kind))
		.groupby(header.item, header.location)
		.orderby(header.item, header.location)
	)
	if under_way is not None:
		query = query.where(header.status == IN_PRODUCTION if under_way else header.status != IN_PRODUCTION)
	return _run(query, items, header.item)


def _read_being_made(items: list[str] | None, under_way: bool) -> list[tuple[Place, Decimal]]:
	return _read_work_orders(items, ASSEMBLE, under_way)


def _read_taken_apart(items: list[str] | None) -> list[tuple[Place, Decimal]]:
	return _read_work_orders(items, DISASSEMBLE, None)


def _read_reserved(items: list[str] | None) -> list[tuple[Place, Decimal]]:
	"""Return what of open sales orders' needs has a purchase order, or a work order, of its own."""
	order, line = frappe.qb.DocType("AO Sales Order"), frappe.qb.DocType("AO Sales Order Line")
	needs = (
		frappe.qb.from_(line)
		.join(order)
		.on(order.name == line.parent)
		.select(line.name, line.item, order.location, line.quantity - line.shipped_quantity)
		.where(
			(order.docstatus == SUBMITTED) & (order.is_closed == 0) & (line.quantity > line.shipped_quantity)
		)
		.orderby(line.name)
	)
	if items is not None:
		needs = needs.where(line.item.isin(items))
	linked = _read_linked()
	return [
		((item, place or ""), min(to_decimal(need, QUANTITY_PLACES), linked[name]))
		for name, item, place, need in needs.run()
		if name in linked
	]


def _read_linked() -> dict[str, Decimal]:
	"""Return by line of sales orders what purchase orders and work orders have been made for it, whatever has come of them."""
	linked: dict[str, Decimal] = defaultdict(Decimal)
	order, line = frappe.qb.DocType("AO Purchase Order"), frappe.qb.DocType("AO Purchase Order Line")
	purchases = (
		frappe.qb.from_(line)
		.join(order)
		.on(order.name == line.parent)
		.select(line.sales_order_line, line.stock_quantity, line.received_quantity, order.is_closed)
		.where((order.docstatus == SUBMITTED) & (line.sales_order_line != ""))
		.orderby(line.name)
	).run(as_dict=True)
	for row in purchases:
		# A closed order brings no more than what has come.
		quantity = row.received_quantity if row.is_closed else row.stock_quantity
		linked[row.sales_order_line] += to_decimal(quantity, QUANTITY_PLACES)
	works = frappe.get_all(
		"AO Work Order",
		filters={"docstatus": ("<", 2), "sales_order_line": ("is", "set"), "work_kind": ASSEMBLE},
		fields=["sales_order_line", "quantity"],
		order_by="name",
	)
	for row in works:
		linked[row.sales_order_line] += to_decimal(row.quantity, QUANTITY_PLACES)
	return linked
