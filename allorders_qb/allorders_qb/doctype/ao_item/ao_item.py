"""AO Item: something bought, sold or built. Inventory parts and assemblies are counted per location."""

import frappe
from frappe import _
from frappe.model.document import Document

from allorders_qb.fulfilment.access import require_permission
from allorders_qb.fulfilment.bill_of_materials import check_bill_of_materials
from allorders_qb.fulfilment.refusal import refuse
from allorders_qb.fulfilment.vendor_prices import check_vendor_prices
from allorders_qb.money import to_decimal
from allorders_qb.stock.guards import has_moved, refuse_merge_of_stocked
from allorders_qb.stock.movements import STOCKED_ITEM_TYPES
from allorders_qb.stock.quantities_shown import get_stock_levels


class AOItem(Document):
	def validate(self) -> None:
		self.item_name = self.item_name or self.item_code
		reasons = [
			_("{0} cannot be negative; it is {1}.").format(self.meta.get_label(field), self.get(field))
			for field in ("unit_price", "purchase_cost", "weight")
			if to_decimal(self.get(field)) < 0
		]
		refuse(reasons + check_bill_of_materials(self) + check_vendor_prices(self), _("Please Check"))
		self.refuse_change_of_counting()

	def before_rename(self, old: str, new: str, merge: bool = False) -> None:
		if merge:
			refuse_merge_of_stocked("item", old, new)

	def refuse_change_of_counting(self) -> None:
		"""Refuse to turn an item that has moved into one that is not counted, or the reverse."""
		before = self.get_doc_before_save()
		if not before or (before.item_type in STOCKED_ITEM_TYPES) == (self.item_type in STOCKED_ITEM_TYPES):
			return
		if before.item_type in STOCKED_ITEM_TYPES and has_moved("item", self.name):
			refuse(
				[
					_("{0} has movements in stock, so it cannot become {1}. Make a new item instead.").format(
						self.name, _(self.item_type)
					)
				],
				_("Type Cannot Change"),
			)


@frappe.whitelist()
def get_stock(item: str) -> dict:
	"""Return the item's quantities, together and per location; see stock.quantities_shown.get_stock_levels."""
	require_permission("AO Item", "read", item)
	require_permission("AO Stock Balance", "read")
	return get_stock_levels(item)
