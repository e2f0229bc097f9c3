"""What an assembly is made of: its components, what making it costs besides, and that it never contains itself."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import frappe
from frappe import _
from frappe.model.document import Document

from allorders_qb.money import multiply, round_half_up, to_decimal
from allorders_qb.stock.movements import STOCKED_ITEM_TYPES
from allorders_qb.stock.quantities import QUANTITY_PLACES, format_quantity

ASSEMBLY = "Assembly"
HUNDRED = Decimal(100)
COST_PLACES = 7


@dataclass(frozen=True)
class Component:
	"""A component of one unit of an assembly; `quantity` in the component's unit, scrap included."""

	item: str
	quantity: Decimal


def check_bill_of_materials(item: Document) -> list[str]:
	"""Round and complete an item's bill of materials; return a sentence for each thing that is wrong."""
	if item.item_type != ASSEMBLY:
		for table in ("components", "production_costs", "steps"):
			item.set(table, [])
		return []
	reasons = []
	found = {
		row.name: row
		for row in frappe.get_all(
			"AO Item",
			filters={"name": ("in", [row.item for row in item.components] or [""])},
			fields=["name", "item_type", "inactive", "unit"],
			order_by="name",
		)
	}
	for row in item.components:
		component = found.get(row.item)
		row.unit = component.unit if component else None
		row.quantity = float(to_decimal(row.quantity, QUANTITY_PLACES))
		if row.quantity <= 0:
			reasons.append(
				_("Component {0}: the quantity of {1} must be more than zero; it is {2}.").format(
					row.idx, row.item, format_quantity(to_decimal(row.quantity))
				)
			)
		if not 0 <= to_decimal(row.scrap_percent) < HUNDRED:
			reasons.append(
				_("Component {0}: scrap of {1} % cannot be; it lies between 0 and 100.").format(
					row.idx, format_quantity(to_decimal(row.scrap_percent))
				)
			)
		if component and component.item_type not in STOCKED_ITEM_TYPES:
			reasons.append(
				_(
					"Component {0}: {1} is of type {2}, which is not counted in stock. Enter what it costs under Labour, Subcontract and Overhead."
				).format(row.idx, row.item, _(component.item_type))
			)
		if component and component.inactive:
			reasons.append(_("Component {0}: item {1} is inactive.").format(row.idx, row.item))
	return reasons + _find_itself(item)


def _find_itself(item: Document) -> list[str]:
	"""Return a sentence where an assembly contains itself, directly or by way of its components."""
	ways = {row.item: [item.item_code, row.item] for row in item.components}
	looked_at: set[str] = set()
	while ways:
		if item.name in ways or item.item_code in ways:
			way = ways.get(item.name) or ways[item.item_code]
			return [
				_("An assembly cannot contain itself: {0}. Take the last one out.").format(" → ".join(way))
			]
		looked_at |= set(ways)
		rows = frappe.get_all(
			"AO Item Component",
			filters={"parenttype": "AO Item", "parent": ("in", sorted(ways))},
			fields=["parent", "item"],
			order_by="parent, idx",
		)
		ways = {row.item: [*ways[row.parent], row.item] for row in rows if row.item not in looked_at}
	return []


def list_components(item: str) -> list[Component]:
	"""Return what one unit of an assembly takes, scrap included, in the order of its bill of materials."""
	rows = frappe.get_all(
		"AO Item Component",
		filters={"parenttype": "AO Item", "parent": item},
		fields=["item", "quantity", "scrap_percent"],
		order_by="idx",
	)
	return [
		Component(
			row.item,
			round_half_up(
				multiply(to_decimal(row.quantity), HUNDRED) / (HUNDRED - to_decimal(row.scrap_percent)),
				QUANTITY_PLACES,
			),
		)
		for row in rows
	]


def roll_up_cost(item: str) -> Decimal:
	"""Return what one unit of an assembly costs by its bill of materials: components at their purchase cost (or theirs rolled
	up, where they are assemblies), and what making it adds."""
	found = frappe.db.get_value("AO Item", item, ["item_type", "purchase_cost"], as_dict=True)
	if not found:
		return Decimal(0)
	components = list_components(item) if found.item_type == ASSEMBLY else []
	if not components:
		return to_decimal(found.purchase_cost)
	costs = frappe.get_all(
		"AO Item Production Cost",
		filters={"parenttype": "AO Item", "parent": item},
		pluck="amount",
		order_by="idx",
	)
	added = sum((to_decimal(cost, 2) for cost in costs), Decimal(0))
	parts = (multiply(component.quantity, roll_up_cost(component.item)) for component in components)
	return round_half_up(sum(parts, added), COST_PLACES)
