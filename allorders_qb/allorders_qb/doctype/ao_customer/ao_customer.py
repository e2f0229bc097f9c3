"""AO Customer: who buys, and what a new order takes from them."""

from typing import Any

import frappe
from frappe.model.document import Document

from allorders_qb.fulfilment import entry
from allorders_qb.fulfilment.access import require_permission


class AOCustomer(Document):
	pass


@frappe.whitelist()
def get_order_defaults(customer: str) -> dict[str, Any]:
	"""Return what a new order or ship doc takes from the customer: terms, rep, method, currency, addresses."""
	require_permission("AO Customer", "read", customer)
	return entry.get_customer_defaults(customer)
