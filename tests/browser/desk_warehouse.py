"""Documents that a test finds ready: entered through REST by the administrator, not by hand."""

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

	def get_quickbooks_id(self, doctype: str, name: str) -> str:
		"""The Id under which QuickBooks knows a record."""
		(link,) = self.office.find(
			"QuickBooks Link", ["quickbooks_id"], reference_doctype=doctype, reference_name=name
		)
		return link["quickbooks_id"]

	def count_entries(self, name: str) -> int:
		"""How many entries of the queue are about a document."""
		return len(self.office.find("QuickBooks Queue Entry", ["name"], reference_name=name))
