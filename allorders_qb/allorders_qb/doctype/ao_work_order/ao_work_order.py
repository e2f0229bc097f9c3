"""AO Work Order: an assembly made of its components, or taken apart. Draft is planned, submitted is finished."""

import frappe
from frappe.model.document import Document

from allorders_qb.fulfilment import production
from allorders_qb.fulfilment.access import require_permission
from allorders_qb.money import to_decimal
from allorders_qb.stock import guards, ledger
from allorders_qb.stock.quantities import QUANTITY_PLACES


class AOWorkOrder(Document):
	def validate(self) -> None:
		production.prepare_work_order(self)

	def before_submit(self) -> None:
		production.check_finished(self)

	def on_submit(self) -> None:
		production.finish(self)

	def before_cancel(self) -> None:
		self.status = production.compute_status(self)

	def on_cancel(self) -> None:
		ledger.reverse_voucher(self.doctype, self.name)

	def on_trash(self) -> None:
		guards.refuse_delete_of_moved(self.doctype, self.name)


@frappe.whitelist()
def get_parts(item: str, quantity: float) -> dict:
	"""Return components, costs and steps of an assembly for so many of it, as a new work order would have them."""
	require_permission("AO Item", "read", item)
	order = frappe.new_doc("AO Work Order")
	order.update({"item": item, "quantity": to_decimal(quantity, QUANTITY_PLACES)})
	production.fill_from_item(order)
	tables = {
		table: [row.as_dict() for row in order.get(table)] for table in ("components", "costs", "steps")
	}
	return {"description": order.description, **tables}


@frappe.whitelist(methods=["POST"])
def split_work_order(name: str, quantity: float) -> str:
	"""Leave so many on a planned work order and put the rest on a new one; returns the new one's name."""
	require_permission("AO Work Order", "write", name)
	require_permission("AO Work Order", "create")
	return production.split(frappe.get_doc("AO Work Order", name), to_decimal(quantity, QUANTITY_PLACES))
