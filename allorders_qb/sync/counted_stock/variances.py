"""What each work order cost by our ledger and by QuickBooks' own: the variance that the true-up books, listed and not lost."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

import frappe
from frappe import _
from frappe.utils import getdate

from allorders_qb.sync.asking import ask_quickbooks
from allorders_qb.sync.connection import SETTINGS
from allorders_qb.sync.counted_stock.booked import read_booked
from allorders_qb.sync.counted_stock.our_side import SETTLED, list_transactions, read_moved
from allorders_qb.sync.counted_stock.reading import read_moves
from allorders_qb.sync.inventory import COUNTED
from allorders_qb.sync.status import NEVER_SEND

WORK_ORDER = "AO Work Order"
ZERO = Decimal(0)


@dataclass
class Worth:
	"""What a work order did to inventory, in home currency: its product and its components."""

	product: Decimal = ZERO
	components: Decimal = ZERO

	def add(self, is_product: bool, amount: Decimal) -> None:
		if is_product:
			self.product += amount
		else:
			self.components += amount

	@property
	def change(self) -> Decimal:
		return self.product + self.components


@dataclass
class Variance:
	"""One finished work order: ours, QuickBooks', and what true-ups have booked of the difference."""

	order: frappe._dict
	ours: Worth = field(default_factory=Worth)
	theirs: Worth = field(default_factory=Worth)
	booked: Decimal = ZERO

	@property
	def is_there(self) -> bool:
		"""Whether QuickBooks has it as we sent it, so that both can be compared."""
		return self.order.quickbooks_status in SETTLED and self.order.quickbooks_status != NEVER_SEND

	@property
	def variance(self) -> Decimal:
		return self.ours.change - self.theirs.change if self.is_there else ZERO


def list_variances(start: date, end: date, work_order: str | None = None) -> list[Variance]:
	"""The work orders that were finished in a period (or the one), the oldest first; QuickBooks is read for them, which commits.

	Empty where QuickBooks keeps values alone, or where there are none. Throws why QuickBooks cannot be read.
	"""
	settings = frappe.get_cached_doc(SETTINGS)
	if settings.inventory_mode != COUNTED:
		return []
	begin = max(start, getdate(settings.inventory_start_date))
	found = {order.name: Variance(order) for order in _list_orders(begin, end, work_order)}
	if not found:
		return []
	days = [getdate(one.order.posting_date) for one in found.values()]
	moved = ask_quickbooks(
		lambda client, realm_id: read_moves(client, realm_id, min(days), max(days)), _("Work Order Variance")
	)
	raw = read_moved(min(days), max(days))
	for one, amount in raw.items():
		if one.doctype == WORK_ORDER and one.name in found:
			found[one.name].ours.add(one.item == found[one.name].order.item, amount)
	documents = list_transactions(settings.realm_id)
	for (transaction, item), amount in moved.items():
		doctype, name = documents.get(transaction, ("", ""))
		if doctype == WORK_ORDER and name in found:
			found[name].theirs.add(item == found[name].order.item, amount)
	booked: dict[str, Decimal] = defaultdict(Decimal)
	for one, amount in read_booked(settings.realm_id, {}, settings, min(days), max(days)).moved.items():
		if one.doctype == WORK_ORDER:
			booked[one.name] += amount
	for name, variance in found.items():
		variance.booked = booked[name]
	return list(found.values())


def _list_orders(start: date, end: date, work_order: str | None) -> list[frappe._dict]:
	filters: list[Any] = [["docstatus", "=", 1], ["posting_date", "between", [start, end]]]
	if work_order:
		filters.append(["name", "=", work_order])
	return frappe.get_all(
		WORK_ORDER,
		filters=filters,
		fields=[
			"name",
			"posting_date",
			"item",
			"quantity",
			"work_kind",
			"quickbooks_status",
			"quickbooks_reason",
		],
		order_by="posting_date, name",
	)
