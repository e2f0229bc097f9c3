"""Work orders: what they take and give, when they are finished, and how a part of one is finished.

A draft is planned, or in production once a step is; submitted it is finished: the components leave, the product comes in at
what they cost and what was added. Taking something apart is the same the other way round; its cost is shared over the
components by what they cost now.
"""

from __future__ import annotations

from decimal import Decimal

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import getdate

from allorders_qb.fulfilment.bill_of_materials import ASSEMBLY, list_components
from allorders_qb.fulfilment.refusal import refuse
from allorders_qb.money import multiply, round_half_up, to_decimal
from allorders_qb.stock.checks import find_inactive_location, find_item_faults, find_repeated, read_items
from allorders_qb.stock.costs import value_at_current_cost
from allorders_qb.stock.ledger import read_balances, record_movements
from allorders_qb.stock.movements import Movement
from allorders_qb.stock.quantities import QUANTITY_PLACES, format_quantity

DISASSEMBLE = "Disassemble"
PLANNED, IN_PRODUCTION, FINISHED, CANCELLED = "Planned", "In Production", "Finished", "Cancelled"
STEP_WAITING = "Waiting"
UNIT_COST_PLACES = 7
ZERO = Decimal(0)


def prepare_work_order(order: Document) -> None:
	"""Fill, round, check and total an AO Work Order in place. Raises frappe.ValidationError with every reason."""
	order.quantity = float(to_decimal(order.quantity, QUANTITY_PLACES))
	if order.is_new() and not order.components and order.item and order.quantity > 0:
		fill_from_item(order)
	reasons = find_inactive_location(order.location, _("Location"))
	reasons += _check_head(order)
	_check_components(order, reasons)
	refuse(reasons, _("Please Check"))
	order.added_cost = float(sum((to_decimal(cost.amount, 2) for cost in order.costs), ZERO))
	order.status = compute_status(order)


def fill_from_item(order: Document) -> None:
	"""Copy the bill of materials onto a new work order, for its quantity."""
	quantity = to_decimal(order.quantity)
	item = frappe.get_cached_doc("AO Item", order.item)
	order.description = order.description or item.description or item.item_name
	for component in list_components(order.item):
		required = round_half_up(multiply(component.quantity, quantity), QUANTITY_PLACES)
		order.append("components", {"item": component.item, "required_quantity": float(required)})
	for cost in item.production_costs:
		amount = round_half_up(multiply(to_decimal(cost.amount), quantity))
		order.append("costs", {"kind": cost.kind, "description": cost.description, "amount": float(amount)})
	if not order.steps:
		for step in item.steps:
			order.append("steps", {"step_name": step.step_name, "notes": step.notes, "status": STEP_WAITING})


def compute_status(order: Document) -> str:
	"""Return Planned, In Production (once a step is under way), Finished or Cancelled."""
	if order.docstatus == 2:
		return CANCELLED
	if order.docstatus == 1:
		return FINISHED
	return IN_PRODUCTION if any(step.status != STEP_WAITING for step in order.steps) else PLANNED


def _check_head(order: Document) -> list[str]:
	reasons = []
	if order.quantity <= 0:
		reasons.append(
			_("The quantity must be more than zero; it is {0}.").format(
				format_quantity(to_decimal(order.quantity))
			)
		)
	item = frappe.db.get_value("AO Item", order.item, ["item_type", "inactive", "unit"], as_dict=True)
	if item:
		order.unit = item.unit
		if item.item_type != ASSEMBLY:
			reasons.append(
				_("{0} is of type {1}; only an Assembly is made by a work order.").format(
					order.item, _(item.item_type)
				)
			)
		if item.inactive:
			reasons.append(
				_("Item {0} is inactive. Make it active again, or choose another.").format(order.item)
			)
	if not order.components and not order.is_new():
		reasons.append(
			_("{0} has no components. Enter its bill of materials, or add rows here.").format(order.item)
		)
	return reasons


def _check_components(order: Document, reasons: list[str]) -> None:
	items = read_items(order.components)
	on_hand = read_balances({(row.item, order.location): ZERO for row in order.components})
	for row in order.components:
		item = items.get(row.item)
		row.unit = item.unit if item else None
		row.required_quantity = float(to_decimal(row.required_quantity, QUANTITY_PLACES))
		row.allocated_quantity = float(to_decimal(row.allocated_quantity, QUANTITY_PLACES))
		row.on_hand = float(on_hand[(row.item, order.location)])
		if row.required_quantity <= 0:
			reasons.append(_("Row {0}: say how much of {1} it takes.").format(row.idx, row.item))
		if row.allocated_quantity < 0:
			reasons.append(
				_("Row {0}: the allocated quantity of {1} is below zero.").format(row.idx, row.item)
			)
		if row.item == order.item:
			reasons.append(
				_("Row {0}: an assembly cannot contain itself: {1}. Take the row out.").format(
					row.idx, row.item
				)
			)
		reasons += find_item_faults(row, item)
	reasons += find_repeated(order.components)


def check_finished(order: Document) -> None:
	"""Refuse to finish a work order with unfinished steps, without components, or with components missing."""
	reasons = [
		_("Step {0}, {1}, is {2}. Finish it first.").format(step.idx, step.step_name, _(step.status))
		for step in order.steps
		if step.status != FINISHED
	]
	if not order.components:
		reasons.append(
			_("{0} has no components. Enter its bill of materials, or add rows here.").format(order.item)
		)
	refuse(reasons, _("Not Finished Yet"))


def find_missing(order: Document) -> list[str]:
	"""Return a sentence for each thing of which there is not enough at the work order's location."""
	needed = _list_needed(order)
	on_hand = read_balances({(item, order.location): ZERO for item, _quantity, _row in needed})
	reasons = []
	for item, quantity, row in needed:
		there = on_hand[(item, order.location)]
		if there < quantity:
			reasons.append(
				_(
					"{0}{1} of {2} are needed at {3} and {4} are there. Receive or transfer what is missing, or finish a part of the work order."
				).format(
					_("Row {0}: ").format(row.idx) if row else "",
					format_quantity(quantity),
					item,
					order.location,
					format_quantity(there),
				)
			)
	return reasons


def _list_needed(order: Document) -> list[tuple[str, Decimal, Document | None]]:
	if order.work_kind == DISASSEMBLE:
		return [(order.item, to_decimal(order.quantity, QUANTITY_PLACES), None)]
	return [(row.item, to_decimal(row.required_quantity, QUANTITY_PLACES), row) for row in order.components]


def finish(order: Document) -> None:
	"""Move components and product of a work order that is being submitted, and write down what it cost."""
	# The balances move first, under their locks; what is missing then is missing whatever others do meanwhile.
	missing = find_missing(order)
	refuse(missing, _("Components Missing"))
	moved = record_movements(build_movements(order))
	component_cost = ZERO
	for row in order.components:
		value = abs(moved[row.name].value)
		component_cost += value
		row.db_set("cost_amount", float(value), update_modified=False)
	added = to_decimal(order.added_cost, 2)
	total = abs(moved[order.name].value)
	order.db_set(
		{
			"component_cost": float(component_cost),
			"total_cost": float(total if order.work_kind != DISASSEMBLE else total + added),
			"unit_cost": float(round_half_up(total / to_decimal(order.quantity), UNIT_COST_PLACES)),
		},
		update_modified=False,
	)


def build_movements(order: Document) -> list[Movement]:
	"""Return what a work order moves: first what leaves, then what comes in at the cost of what left."""

	def move(item: str, quantity: Decimal, line: str, **values) -> Movement:
		return Movement(
			item=item,
			location=order.location,
			quantity=quantity,
			posting_date=getdate(order.posting_date),
			voucher_type=order.doctype,
			voucher_no=order.name,
			voucher_line=line,
			**values,
		)

	quantity = to_decimal(order.quantity, QUANTITY_PLACES)
	added = to_decimal(order.added_cost, 2)
	rows = [(row, to_decimal(row.required_quantity, QUANTITY_PLACES)) for row in order.components]
	if order.work_kind != DISASSEMBLE:
		return [
			*(move(row.item, -required, row.name) for row, required in rows),
			move(order.item, quantity, order.name, added_value=added),
		]
	weights = {row.name: value_at_current_cost(row.item, required) for row, required in rows}
	if not any(weights.values()):
		weights = {row.name: required for row, required in rows}
	# What taking it apart cost is borne once, with the first component.
	return [
		move(order.item, -quantity, order.name),
		*(
			move(
				row.item,
				required,
				row.name,
				added_value=added if row is order.components[0] else ZERO,
				cost_weight=weights[row.name],
			)
			for row, required in rows
		),
	]


def split(order: Document, quantity: Decimal) -> str:
	"""Leave `quantity` on a draft and put the rest on a new one, to be finished later; returns the new one's name.

	Required and allocated components and costs are divided in proportion; what the first part does not get, the rest has.
	"""
	whole = to_decimal(order.quantity, QUANTITY_PLACES)
	if order.docstatus != 0:
		refuse(
			[_("{0} is not a draft; only a planned work order can be split.").format(order.name)],
			_("Cannot Split"),
		)
	if not ZERO < quantity < whole:
		refuse(
			[
				_("{0} is for {1}. A part of it lies between zero and that; {2} does not.").format(
					order.name, format_quantity(whole), format_quantity(quantity)
				)
			],
			_("Cannot Split"),
		)
	rest = frappe.copy_doc(order)
	rest.split_from = order.name
	rest.quantity = float(whole - quantity)
	for table, fields in (
		("components", (("required_quantity", QUANTITY_PLACES), ("allocated_quantity", QUANTITY_PLACES))),
		("costs", (("amount", 2),)),
	):
		for row, other in zip(order.get(table), rest.get(table), strict=True):
			for field, places in fields:
				both = to_decimal(row.get(field), places)
				part = round_half_up(multiply(both, quantity) / whole, places)
				row.set(field, float(part))
				other.set(field, float(both - part))
	for step, other in zip(order.steps, rest.steps, strict=True):
		other.status = step.status
	order.quantity = float(quantity)
	order.save()
	rest.insert()
	return rest.name
