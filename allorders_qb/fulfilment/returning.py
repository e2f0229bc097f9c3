"""What customers send back. The only writer of returned quantities on ship docs.

A return fills from ship docs of its customer, or stands alone. Being submitted it locks the lines of its ship docs, in the
order of their names, before anything is compared: nothing comes back twice. Goods come back at the cost they left with;
what is scrapped comes in and leaves again at once.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.model.mapper import get_mapped_doc
from frappe.utils import formatdate, getdate
from pypika.terms import Case

from allorders_qb.fulfilment.arithmetic import CANCELLED, DRAFT, SUBMITTED
from allorders_qb.fulfilment.entry import read_fields, set_totals
from allorders_qb.fulfilment.goods import list_stocked_items, write_costs
from allorders_qb.fulfilment.refusal import refuse
from allorders_qb.fulfilment.ship_doc_maker import read_target
from allorders_qb.fulfilment.shipping import HEADER_FIELDS
from allorders_qb.money import multiply, round_half_up, to_decimal
from allorders_qb.stock.costs import COST_PLACES, value_at_current_cost
from allorders_qb.stock.entries import ENTRY
from allorders_qb.stock.ledger import record_movements
from allorders_qb.stock.movements import ISSUE, Movement
from allorders_qb.stock.quantities import QUANTITY_PLACES, format_quantity

STATUS = {DRAFT: "RMA", SUBMITTED: "Returned", CANCELLED: "Cancelled"}
SCRAP = "Scrap"
SCRAPPED = ":scrapped"
"""What is put after a line's name for the movement by which it leaves again."""


@dataclass
class ShippedLine:
	"""A line of a ship doc as it stands in the database; quantities in the item's unit."""

	name: str
	ship_doc: str
	customer: str
	currency: str
	docstatus: int
	posting_date: Any
	item: str
	shipped: Decimal
	returned: Decimal

	@property
	def left(self) -> Decimal:
		return self.shipped - self.returned


def get_ship_doc_header(customer_return: Document) -> dict[str, Any] | None:
	"""Return the header fields of the first ship doc a return takes back from; None when it stands alone."""
	first = next((row.ship_doc for row in customer_return.lines if row.ship_doc), None)
	return read_fields("AO Ship Doc", first, (*HEADER_FIELDS, "department")) if first else None


def read_shipped_lines(names: list[str], lock: bool = False) -> dict[str, ShippedLine]:
	"""Return ship doc lines by row name; with `lock` they stay ours until the transaction ends."""
	if not names:
		return {}
	header, line = frappe.qb.DocType("AO Ship Doc"), frappe.qb.DocType("AO Ship Doc Line")
	query = (
		frappe.qb.from_(line)
		.join(header)
		.on(header.name == line.parent)
		.select(
			line.name,
			header.name.as_("ship_doc"),
			header.customer,
			header.currency,
			header.docstatus,
			header.posting_date,
			line.item,
			line.quantity,
			line.returned_quantity,
		)
		.where(line.name.isin(sorted(set(names))))
		.orderby(line.name)
	)
	if lock:
		query = query.for_update()
	return {
		row.name: ShippedLine(
			row.name,
			row.ship_doc,
			row.customer,
			row.currency,
			row.docstatus,
			row.posting_date,
			row.item,
			to_decimal(row.quantity, QUANTITY_PLACES),
			to_decimal(row.returned_quantity, QUANTITY_PLACES),
		)
		for row in query.run(as_dict=True)
	}


def check_returns(customer_return: Document) -> None:
	"""Refuse a return that does not fit its ship docs; when it is being submitted, more than was shipped too."""
	reasons = []
	for row in customer_return.lines:
		if not row.ship_doc:
			row.ship_doc_line = None
		elif not row.ship_doc_line:
			reasons += _find_ship_doc_line(row)
	refuse(reasons, _("Not Possible for This Ship Doc"))
	being_submitted = customer_return.docstatus == SUBMITTED
	shipped = read_shipped_lines(
		[row.ship_doc_line for row in customer_return.lines if row.ship_doc_line], lock=being_submitted
	)
	for row in customer_return.lines:
		if row.ship_doc:
			reason = _find_fault(row, customer_return, shipped.get(row.ship_doc_line))
			if reason:
				reasons.append(reason)
	if being_submitted and not reasons:
		reasons = _find_over_returning(customer_return, shipped)
	refuse(reasons, _("Not Possible for This Ship Doc"))


def _find_ship_doc_line(row: Document) -> list[str]:
	"""Fill in the ship doc line that a row means; return why none can be told."""
	candidates = frappe.get_all(
		"AO Ship Doc Line",
		filters={"parent": row.ship_doc, "item": row.item},
		pluck="name",
		order_by="idx",
	)
	if len(candidates) == 1:
		row.ship_doc_line = candidates[0]
		return []
	if candidates:
		return [
			_(
				"Row {0}: {1} is on several lines of {2}. Take the row out and use Get Items From to choose."
			).format(row.idx, row.item, row.ship_doc)
		]
	return [_("Row {0}: {1} was not shipped on {2}.").format(row.idx, row.item, row.ship_doc)]


def _find_fault(row: Document, customer_return: Document, line: ShippedLine | None) -> str | None:
	if line is None or line.ship_doc != row.ship_doc or line.item != row.item:
		return _(
			"Row {0}: {1} is not what was shipped on that line of {2}. Take the row out and use Get Items From."
		).format(row.idx, row.item, row.ship_doc)
	if line.docstatus != SUBMITTED:
		return _("Row {0}: {1} was not shipped; only what was shipped can come back.").format(
			row.idx, row.ship_doc
		)
	if line.customer != customer_return.customer:
		return _("Row {0}: {1} went to {2}, and this return is of {3}.").format(
			row.idx, row.ship_doc, line.customer, customer_return.customer
		)
	if line.currency != customer_return.currency:
		return _("Row {0}: {1} is in {2}; this return is in {3}. Return it on a document of its own.").format(
			row.idx, row.ship_doc, line.currency, customer_return.currency
		)
	if getdate(customer_return.posting_date) < getdate(line.posting_date):
		return _("Row {0}: {1} was shipped on {2}; it cannot have come back before, on {3}.").format(
			row.idx,
			row.ship_doc,
			formatdate(line.posting_date),
			formatdate(customer_return.posting_date),
		)
	return None


def _find_over_returning(customer_return: Document, shipped: dict[str, ShippedLine]) -> list[str]:
	reasons = []
	for row in customer_return.lines:
		if not row.ship_doc:
			continue
		line = shipped[row.ship_doc_line]
		quantity = to_decimal(row.quantity, QUANTITY_PLACES)
		if quantity > line.left:
			reasons.append(
				_(
					"Row {0}: {1} of {2} is more than the {3} that can still come back from {4} (shipped {5}, returned {6})."
				).format(
					row.idx,
					format_quantity(quantity),
					row.item,
					format_quantity(line.left),
					row.ship_doc,
					format_quantity(line.shipped),
					format_quantity(line.returned),
				)
			)
		# Two rows for one line share what is left of it.
		line.returned += quantity
	return reasons


def require_location(customer_return: Document) -> None:
	"""Refuse a return of goods that are counted without a location to put them; names the row."""
	if customer_return.location:
		return
	stocked = list_stocked_items({row.item for row in customer_return.lines})
	refuse(
		[
			_("Row {0}: {1} is counted in stock. Say in Return To where it is put.").format(row.idx, row.item)
			for row in customer_return.lines
			if row.item in stocked
		],
		_("Location Missing"),
	)


def record_return(customer_return: Document) -> None:
	"""Move what a submitted return brings back, and count it on its ship docs."""
	_move_returned_quantities(customer_return, Decimal(1))
	write_costs(customer_return, record_movements(build_movements(customer_return)))


def undo_return(customer_return: Document) -> None:
	"""Take a cancelled return's quantities off its ship docs again."""
	_move_returned_quantities(customer_return, Decimal(-1))


def _move_returned_quantities(customer_return: Document, sign: Decimal) -> None:
	changes: dict[str, Decimal] = defaultdict(Decimal)
	for row in customer_return.lines:
		if row.ship_doc_line:
			changes[row.ship_doc_line] += sign * to_decimal(row.quantity, QUANTITY_PLACES)
	lines = read_shipped_lines(list(changes), lock=True)
	if not lines:
		return
	table = frappe.qb.DocType("AO Ship Doc Line")
	returned = Case()
	for line in lines.values():
		returned = returned.when(table.name == line.name, float(line.returned + changes[line.name]))
	(
		frappe.qb.update(table)
		.set(table.returned_quantity, returned.else_(table.returned_quantity))
		.where(table.name.isin(list(lines)))
	).run()


def build_movements(customer_return: Document) -> list[Movement]:
	"""Return what comes in of each line that is counted, and what of it leaves again as scrap."""
	stocked = list_stocked_items({row.item for row in customer_return.lines})
	issues = _find_issues(customer_return)
	movements = []
	for row in customer_return.lines:
		if row.item not in stocked:
			continue
		quantity = to_decimal(row.quantity, QUANTITY_PLACES)
		place = {
			"item": row.item,
			"location": customer_return.location,
			"posting_date": getdate(customer_return.posting_date),
			"voucher_type": customer_return.doctype,
			"voucher_no": customer_return.name,
		}
		issue = issues.get(row.ship_doc_line)
		value = {"return_of": issue} if issue else {"value": _value_alone(row, quantity)}
		movements.append(Movement(**place, quantity=quantity, voucher_line=row.name, **value))
		if row.disposition == SCRAP:
			movements.append(
				Movement(
					**place, quantity=-quantity, voucher_line=f"{row.name}{SCRAPPED}", takes_line=row.name
				)
			)
	return movements


def _find_issues(customer_return: Document) -> dict[str, str]:
	"""Return the ledger entry with which each ship doc line left, by line."""
	rows = frappe.get_all(
		ENTRY,
		filters={
			"voucher_type": "AO Ship Doc",
			"voucher_no": (
				"in",
				sorted({row.ship_doc for row in customer_return.lines if row.ship_doc}) or [""],
			),
			"kind": ISSUE,
			"is_reversal": 0,
		},
		fields=["name", "voucher_line"],
		order_by="name",
	)
	return {row.voucher_line: row.name for row in rows}


def _value_alone(row: Document, quantity: Decimal) -> Decimal:
	"""Return what goods without a ship doc come back at: the cost entered, else that of the oldest units on hand."""
	if row.unit_cost:
		return round_half_up(multiply(quantity, to_decimal(row.unit_cost, COST_PLACES)))
	return value_at_current_cost(row.item, quantity)


def build_customer_return(ship_doc_name: str, target: Document | dict | str | None = None) -> Document:
	"""Return an unsaved AO Customer Return of what can still come back from a ship doc.

	`target` is an unsaved return to add it to (its header then stays). Raises frappe.ValidationError, saying why, when
	nothing is left, or it does not go with `target`.
	"""
	customer_return = read_target(target)
	rows = [row for row in customer_return.lines if row.item] if customer_return else []
	held: dict[str, Decimal] = defaultdict(Decimal)
	for row in rows:
		held[row.ship_doc_line] += to_decimal(row.quantity, QUANTITY_PLACES)
	names = frappe.get_all(
		"AO Ship Doc Line", filters={"parent": ship_doc_name}, pluck="name", order_by="idx"
	)
	shipped = read_shipped_lines(names)
	left = {
		name: line.left - held[name]
		for name, line in shipped.items()
		if line.docstatus == SUBMITTED and line.left > held[name]
	}
	if not left:
		refuse(
			[_("Nothing of {0} is left that could come back.").format(ship_doc_name)], _("Nothing to Return")
		)
	line = shipped[next(iter(left))]
	if rows and (customer_return.customer, customer_return.currency) != (line.customer, line.currency):
		refuse(
			[
				_("{0} went to {1} in {2}; this return is of {3} in {4}.").format(
					ship_doc_name,
					line.customer,
					line.currency,
					customer_return.customer,
					customer_return.currency,
				)
			],
			_("Another Customer"),
		)
	if customer_return:
		customer_return.set("lines", rows)
	result = _map_ship_doc(ship_doc_name, left, customer_return, keep_header=bool(rows))
	set_totals(result)
	return result


def _map_ship_doc(
	ship_doc_name: str, left: dict[str, Decimal], customer_return: Document | None, keep_header: bool
) -> Document:
	def set_quantity(source: Document, row: Document, _ship_doc: Document) -> None:
		row.quantity = float(left[source.name])

	not_copied = ["freight", "subtotal", "total", "total_cost", "posting_date", "naming_series", "status"]
	if keep_header:
		not_copied += [
			df.fieldname
			for df in frappe.get_meta("AO Customer Return").fields
			if customer_return.get(df.fieldname)
		]
	return get_mapped_doc(
		"AO Ship Doc",
		ship_doc_name,
		{
			"AO Ship Doc": {"doctype": "AO Customer Return", "field_no_map": not_copied},
			"AO Ship Doc Line": {
				"doctype": "AO Customer Return Line",
				"field_map": {"parent": "ship_doc", "name": "ship_doc_line"},
				"field_no_map": ["amount", "cost_amount"],
				"condition": lambda source: source.name in left,
				"postprocess": set_quantity,
			},
		},
		customer_return,
	)


def refuse_cancel_of_returned(ship_doc: Document) -> None:
	"""Refuse to cancel a ship doc of which something has come back, naming the returns."""
	rows = frappe.get_all(
		"AO Customer Return Line",
		filters={"ship_doc": ship_doc.name, "docstatus": SUBMITTED},
		pluck="parent",
		distinct=True,
		order_by="parent",
	)
	if rows:
		refuse(
			[
				_("{0} cannot be cancelled: goods of it came back on {1}. Cancel that first.").format(
					ship_doc.name, ", ".join(rows)
				)
			],
			_("Cannot Cancel"),
		)
