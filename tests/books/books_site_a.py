"""The clerk where QuickBooks counts too: what was on the shelves is bought there by a person, and every document is found again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from books_accounts import OPENING
from books_events import HOME, OpenStock, Year
from books_numbers import price
from books_site import Clerk

OPENER = "Whoever sold us what we opened with"


class CountedClerk(Clerk):
	def __init__(self, frappe: Any, company: Any, send: Callable[[], None]) -> None:
		super().__init__(frappe, company, send)
		self.by_event: dict[int, Any] = {}
		"""The document of each event, by the event's place in the story."""
		self.story: tuple = ()

	def live_through(self, year: Year) -> None:
		self.story = year.story
		super().live_through(year)

	def _finish(self, event: Any, doc: Any) -> Any:
		place = next(place for place, told in enumerate(self.story) if told is event)
		self.by_event[place] = doc
		return super()._finish(event, doc)

	def open_stock(self, event: OpenStock) -> None:
		"""A bill that the opening balance pays: nobody is owed anything."""
		from allorders_qb.sync.queue import queue_needed_record

		super().open_stock(event)
		queue_needed_record("AO Item", event.item)
		self.frappe.db.commit()
		self.send()
		item = self._find("Item", "Name", event.item)
		vendors = self.company.query(f"SELECT * FROM Vendor WHERE DisplayName = '{OPENER}'")
		vendor = (
			vendors[0]
			if vendors
			else self.company.post("Vendor", {"DisplayName": OPENER, "CurrencyRef": {"value": HOME}})
		)
		amount = price(event.quantity, event.unit_cost) / 100
		self.company.post(
			"Bill",
			{
				"VendorRef": {"value": vendor["Id"]},
				"CurrencyRef": {"value": HOME},
				"TxnDate": event.day,
				"Line": [
					{
						"DetailType": "ItemBasedExpenseLineDetail",
						"Amount": amount,
						"ItemBasedExpenseLineDetail": {
							"ItemRef": {"value": item["Id"]},
							"Qty": float(event.quantity),
						},
					},
					{
						"DetailType": "AccountBasedExpenseLineDetail",
						"Amount": -amount,
						"AccountBasedExpenseLineDetail": {
							"AccountRef": {"value": self._find("Account", "Name", OPENING)["Id"]}
						},
					},
				],
			},
		)

	def _find(self, entity: str, field: str, value: str) -> dict:
		return self.company.query(f"SELECT * FROM {entity} WHERE {field} = '{value}'")[0]
