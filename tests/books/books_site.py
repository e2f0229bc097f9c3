"""The same year, as documents of the app: what `books_year.tell` says becomes orders of work for clerks."""

from __future__ import annotations

from typing import Any

ACCOUNT_FIELDS = {
	"shrinkage": "adjustment_account",
	"labour": "labour_account",
	"overhead": "overhead_account",
}


class Clerk:
	"""Has the verbs of `books_model.Books` and enters a document for each; `send` lets QuickBooks have it."""

	def __init__(self, frappe: Any, items: dict[str, dict], customers: tuple[str, ...], send: Any) -> None:
		from allorders_qb.tests import utils

		self.frappe, self.send = frappe, send
		self.day = "2025-01-01"
		self.location = utils.make_location("Books Warehouse").name
		for code, values in items.items():
			utils.make_item(code, unit="each", **values)
		for name in customers:
			utils.make_customer(name)
		self.ship_docs: dict[str, Any] = {}

	def on(self, day: str) -> None:
		self.day = day

	def _submit(self, doctype: str, **values: Any) -> Any:
		doc = self.frappe.get_doc({"doctype": doctype, "posting_date": self.day, **values}).insert()
		doc.submit()
		self.frappe.db.commit()
		self.send()
		return doc

	def open_stock(self, item: str, quantity: str, unit_cost: str) -> None:
		line = {"item": item, "location": self.location, "quantity": quantity, "unit_cost": unit_cost}
		self._submit("AO Opening Stock", lines=[line])

	def ship(self, name: str, customer: str, lines: list[tuple], freight: str = "0") -> None:
		rows = [
			{
				"item": item,
				"quantity": quantity,
				"unit_price": price,
				"discount_percent": discount,
				"tax_code": "NON",
			}
			for item, quantity, price, discount in lines
		]
		self.ship_docs[name] = self._submit(
			"AO Ship Doc", customer=customer, location=self.location, freight=freight, lines=rows
		)

	def take_back(self, shipment: str, customer: str, lines: list[tuple]) -> None:
		ship_doc = self.ship_docs[shipment]
		found = {row.item: row for row in ship_doc.lines}
		rows = [
			{
				"ship_doc": ship_doc.name,
				"ship_doc_line": found[item].name,
				"item": item,
				"quantity": quantity,
				"unit_price": price,
				"tax_code": "NON",
				"disposition": "Scrap" if is_scrap else "Back to Stock",
			}
			for item, quantity, price, is_scrap in lines
		]
		self._submit("AO Customer Return", customer=customer, location=self.location, lines=rows)

	def build(self, product: str, quantity: str, components: dict[str, str], costs: dict[str, str]) -> None:
		self._submit(
			"AO Work Order",
			item=product,
			quantity=quantity,
			location=self.location,
			components=[{"item": item, "required_quantity": taken} for item, taken in components.items()],
			costs=[{"kind": account.title(), "amount": amount} for account, amount in costs.items()],
		)

	def adjust(self, item: str, change: str, account: str, unit_cost: str | None = None) -> None:
		line = {"item": item, "quantity_change": change, "unit_cost": unit_cost or 0}
		self._submit("AO Quantity Adjustment", location=self.location, reason="Other", lines=[line])

	def revalue(self, item: str, change: str, account: str) -> None:
		self._submit("AO Value Adjustment", lines=[{"item": item, "value_change": change}])
