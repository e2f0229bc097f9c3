"""AO Customer: who buys, and what a new order takes from them."""

from typing import Any

import frappe
from frappe.model.document import Document

from allorders_qb.fulfilment import entry


class AOCustomer(Document):
	pass


@frappe.whitelist()
def get_order_defaults(customer: str) -> dict[str, Any]:
	"""Return what a new order or ship doc takes from the customer: terms, rep, method, currency, addresses."""
	frappe.has_permission("AO Customer", "read", doc=customer, throw=True)
	return entry.get_customer_defaults(customer)
