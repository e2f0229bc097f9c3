"""What customers send back: from ship docs of its customer, or alone.

Goods come back at the cost they left with; what is scrapped comes in and leaves again at once.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.model.mapper import get_mapped_doc
from frappe.utils import getdate

from allorders_qb.fulfilment import sources
from allorders_qb.fulfilment.arithmetic import CANCELLED, DRAFT, SUBMITTED
from allorders_qb.fulfilment.entry import read_fields, set_totals
from allorders_qb.fulfilment.goods import list_stocked_items, write_costs
from allorders_qb.fulfilment.ship_doc_maker import read_target
from allorders_qb.fulfilment.shipping import HEADER_FIELDS
from allorders_qb.fulfilment.sources import SourceKind
from allorders_qb.money import multiply, round_half_up, to_decimal
from allorders_qb.stock.costs import COST_PLACES, value_at_current_cost
from allorders_qb.stock.entries import find_line_entries
from allorders_qb.stock.ledger import record_movements
from allorders_qb.stock.movements import ISSUE, Movement
from allorders_qb.stock.quantities import QUANTITY_PLACES

STATUS = {DRAFT: "RMA", SUBMITTED: "Returned", CANCELLED: "Cancelled"}
SCRAP = "Scrap"
SCRAPPED = ":scrapped"
"""What is put after a line's name for the movement by which it leaves again."""


def say(name: str) -> str:
	"""Return a sentence about what comes back of ship docs."""
	return {
		"title": _("Not Possible for This Ship Doc"),
		"not_on": _("Row {0}: {1} was not shipped on {2}."),
		"another_line": _(
			"Row {0}: {1} is not what was shipped on that line of {2}. Take the row out and use Get Items From."
		),
		"not_happened": _("Row {0}: {1} was not shipped; only what was shipped can come back."),
		"other_party": _("Row {0}: {1} went to {2}, and this return is of {3}."),
		"other_currency": _(
			"Row {0}: {1} is in {2}; this return is in {3}. Return it on a document of its own."
		),
		"other_rate": _(
			"Row {0}: {1} was shipped at an exchange rate of {2}, and this return is at {3}. "
			"Use that rate, or return it on a document of its own."
		),
		"before": _("Row {0}: {1} was shipped on {2}; it cannot have come back before, on {3}."),
		"too_much": _(
			"Row {0}: {1} of {2} is more than the {3} that can still come back from {4} (shipped {5}, returned {6})."
		),
		"nothing_left": _("Nothing of {0} is left that could come back."),
		"nothing": _("Nothing to Return"),
		"mixed": _("{0} went to {1} in {2}; this return is of {3} in {4}."),
		"another_party": _("Another Customer"),
		"taken": _("{0} cannot be cancelled: goods of it came back on {1}. Cancel that first."),
	}[name]


SHIPPED = SourceKind(
	doctype="AO Ship Doc",
	party_field="customer",
	quantity_field="quantity",
	taken_field="returned_quantity",
	document="AO Customer Return",
	source_field="ship_doc",
	moved_field="quantity",
	say=say,
)


def get_ship_doc_header(customer_return: Document) -> dict[str, Any] | None:
	"""Return the header fields of the first ship doc a return takes back from; None when it stands alone."""
	first = next((row.ship_doc for row in customer_return.lines if row.ship_doc), None)
	return read_fields("AO Ship Doc", first, (*HEADER_FIELDS, "department")) if first else None


def record_return(customer_return: Document) -> None:
	"""Move what a submitted return brings back, and count it on its ship docs."""
	sources.record_taking(SHIPPED, customer_return)
	write_costs(customer_return, record_movements(build_movements(customer_return)))


def build_movements(customer_return: Document) -> list[Movement]:
	"""Return what comes in of each line that is counted, and what of it leaves again as scrap."""
	stocked = list_stocked_items({row.item for row in customer_return.lines})
	issues = find_line_entries("AO Ship Doc", sources.list_source_names(SHIPPED, customer_return), ISSUE)
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
	left = sources.find_left(SHIPPED, ship_doc_name, customer_return)
	rows = [row for row in customer_return.lines if row.item] if customer_return else []
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
