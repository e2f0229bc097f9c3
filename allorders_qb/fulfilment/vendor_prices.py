"""What vendors ask for an item: per vendor, in the unit it is bought in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

import frappe
from frappe import _
from frappe.model.document import Document

from allorders_qb.money import to_decimal
from allorders_qb.stock.quantities import QUANTITY_PLACES

UNIT_COST_PLACES = 7


@dataclass(frozen=True)
class VendorPrice:
	"""One row of an item's vendor prices; `unit_cost` is for one purchase unit, which holds `conversion` stock units."""

	vendor: str
	vendor_item_code: str | None
	purchase_unit: str | None
	conversion: Decimal
	unit_cost: Decimal
	currency: str | None


def check_vendor_prices(item: Document) -> list[str]:
	"""Return a sentence for each vendor price that makes no sense. An item has at most one preferred vendor."""
	reasons: list[str] = []
	seen: dict[tuple[str, str], int] = {}
	preferred: set[str] = set()
	for row in item.vendor_prices:
		row.conversion = row.conversion or 1
		row.currency = row.currency or frappe.db.get_value("AO Vendor", row.vendor, "currency")
		key = (row.vendor, row.purchase_unit or item.unit or "")
		if key in seen:
			reasons.append(
				_(
					"Vendor price {0}: row {1} has a price of {2} in that unit already. Keep one of them."
				).format(row.idx, seen[key], row.vendor)
			)
		seen.setdefault(key, row.idx)
		if to_decimal(row.conversion) < 0:
			reasons.append(
				_("Vendor price {0}: one unit must hold more than nothing; it holds {1}.").format(
					row.idx, row.conversion
				)
			)
		if row.preferred:
			preferred.add(row.vendor)
	if len(preferred) > 1:
		reasons.append(
			_("{0} are both preferred. Tick one vendor only.").format(_(" and ").join(sorted(preferred)))
		)
	return reasons


def read_vendor_prices(vendor: str | None, items: Iterable[str]) -> dict[str, list[VendorPrice]]:
	"""Return a vendor's prices by item, the preferred one first, else in their order on the item; one query."""
	rows = frappe.get_all(
		"AO Item Vendor Price",
		filters={"parenttype": "AO Item", "parent": ("in", sorted(items) or [""]), "vendor": vendor},
		fields=[
			"parent",
			"vendor",
			"vendor_item_code",
			"purchase_unit",
			"conversion",
			"unit_cost",
			"currency",
		],
		order_by="parent, preferred desc, idx",
	)
	prices: dict[str, list[VendorPrice]] = defaultdict(list)
	for row in rows:
		prices[row.parent].append(
			VendorPrice(
				row.vendor,
				row.vendor_item_code,
				row.purchase_unit,
				to_decimal(row.conversion, QUANTITY_PLACES) or Decimal(1),
				to_decimal(row.unit_cost, UNIT_COST_PLACES),
				row.currency,
			)
		)
	return dict(prices)


def find_preferred_vendors(items: Iterable[str]) -> dict[str, str]:
	"""Return by item whom it is bought from: the preferred vendor, else the only one; nothing where that is open."""
	rows = frappe.get_all(
		"AO Item Vendor Price",
		filters={"parenttype": "AO Item", "parent": ("in", sorted(items) or [""])},
		fields=["parent", "vendor", "preferred"],
		order_by="parent, preferred desc, idx",
	)
	found: dict[str, str] = {}
	vendors: dict[str, set[str]] = defaultdict(set)
	for row in rows:
		vendors[row.parent].add(row.vendor)
		if row.preferred:
			found.setdefault(row.parent, row.vendor)
	for item, names in vendors.items():
		if len(names) == 1:
			found.setdefault(item, next(iter(names)))
	return found


def list_vendors(items: Iterable[str]) -> dict[str, set[str]]:
	"""Return by item the vendors that have a price for it."""
	rows = frappe.get_all(
		"AO Item Vendor Price",
		filters={"parenttype": "AO Item", "parent": ("in", sorted(items) or [""])},
		fields=["parent", "vendor"],
		order_by="parent, idx",
	)
	vendors: dict[str, set[str]] = defaultdict(set)
	for row in rows:
		vendors[row.parent].add(row.vendor)
	return dict(vendors)
