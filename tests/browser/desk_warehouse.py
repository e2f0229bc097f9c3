"""Documents that a test finds ready: entered through REST by the administrator, not by hand."""

import time
from typing import Any

from desk_rest import RestSession

MAP_ORDER = "allorders_qb.allorders_qb.doctype.ao_sales_order.ao_sales_order.make_ship_doc"
CUSTOMER = "O'Hara Mercantile"


class Warehouse:
	"""Makes orders and ship docs, and says what has become of them."""

	def __init__(self, office: RestSession):
		self.office = office

	def order(self, customer: str = CUSTOMER, **quantities: float) -> str:
		"""A submitted order; items are given as ``KC_101=12``. Its name."""
		lines = [
			{"item": item.replace("_", "-"), "quantity": quantity} for item, quantity in quantities.items()
		]
		order = self.office.insert(
			"AO Sales Order", customer=customer, lines=lines or [{"item": "KC-101", "quantity": 4}]
		)
		self.office.submit("AO Sales Order", order["name"])
		return order["name"]

	def pack(self, order: str | None = None, customer: str = CUSTOMER) -> str:
		"""A draft ship doc of all that is left on an order (on a new one of that customer if none is given)."""
		ship_doc = self.office.call(MAP_ORDER, source_name=order or self.order(customer))
		return self.office.insert(**ship_doc)["name"]

	def ship(self, order: str | None = None, customer: str = CUSTOMER) -> str:
		"""The same, submitted."""
		name = self.pack(order, customer)
		self.office.submit("AO Ship Doc", name)
		return name

	def pay(self, order: str, customer: str, amount: float) -> str:
		"""A submitted payment for an order, a deposit. Its name."""
		lines = [{"sales_order": order, "amount": amount}]
		payment = self.office.insert("AO Payment", customer=customer, amount=amount, lines=lines)
		self.office.submit("AO Payment", payment["name"])
		return payment["name"]

	def wait_for_values(self, doctype: str, name: str, seconds: float = 90, **values: Any) -> None:
		"""Wait until a document has these values; an open form that has come to rest does not ask again."""
		ends_at = time.monotonic() + seconds
		while not self.office.find(doctype, ["name"], name=name, **values):
			assert time.monotonic() < ends_at, f"{name} does not come to have {values}"
			time.sleep(0.5)

	def empty_queue(self, seconds: float = 180) -> None:
		"""Keep out of QuickBooks what others have left waiting, and wait for what is perhaps there already."""
		ends_at = time.monotonic() + seconds
		while rows := self.office.find(
			"QuickBooks Queue Entry",
			["reference_doctype", "reference_name", "status"],
			status=["in", ["Queued", "Sending", "Outcome Unknown", "Needs Attention"]],
			reference_doctype=["not in", ["AO Customer", "AO Vendor", "AO Item"]],
		):
			for row in rows:
				self.office.post(
					"allorders_qb.api.documents.never_send",
					doctype=row["reference_doctype"],
					name=row["reference_name"],
					reason="Left over by another test.",
				)
			assert time.monotonic() < ends_at, f"still in the queue: {rows}"
			time.sleep(1)

	def get_quickbooks_id(self, doctype: str, name: str) -> str:
		"""The Id under which QuickBooks knows a record."""
		(link,) = self.office.find(
			"QuickBooks Link", ["quickbooks_id"], reference_doctype=doctype, reference_name=name
		)
		return link["quickbooks_id"]

	def count_entries(self, name: str) -> int:
		"""How many entries of the queue are about a document."""
		return len(self.office.find("QuickBooks Queue Entry", ["name"], reference_name=name))
