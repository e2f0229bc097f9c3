"""What happens behind the counter: bought, made, moved, taken back and paid, after the orders and shipments are in.

Played in the order of the file, which is that of the days; a second run finds each document by what is its own.
"""

from __future__ import annotations

from typing import Any

import frappe

from allorders_qb.allorders_qb.doctype.ao_purchase_order.ao_purchase_order import make_receiver
from allorders_qb.allorders_qb.doctype.ao_receiver.ao_receiver import make_vendor_bill, make_vendor_return
from allorders_qb.allorders_qb.doctype.ao_ship_doc.ao_ship_doc import make_customer_return
from allorders_qb.allorders_qb.doctype.ao_work_order.ao_work_order import split_work_order
from demo.loading import Loader, submit
from demo.site import act_as

FINISHED = "Finished"
SUBMITTED = 1


class Workings:
	"""Plays the events with the people of a loader, and into its tally."""

	def __init__(self, loader: Loader):
		self.loader = loader
		self.story = loader.story
		self.orders: dict[int, str] = {}
		"""Purchase orders by the number that the file gives them."""

	def play(self) -> None:
		for event in self.story.workings["events"]:
			play = getattr(self, f"play_{event['kind'].replace(' ', '_')}")
			doctype, known = play(event)
			self.loader.tally.count(doctype, entered=not known)
			frappe.clear_messages()

	def enter(self, person: str, doctype: str, build: Any, **own: Any) -> tuple[str, str]:
		"""Submit what `build` returns, as that person, unless a document has `own` values already; its name, and whether it had."""
		known = frappe.db.get_value(doctype, {**own, "docstatus": ("!=", 2)})
		if known:
			return known, known
		with act_as(person):
			doc = build()
			doc.update(own)
			submit(doc)
		return doc.name, ""

	def play_purchase_order(self, event: dict) -> tuple[str, str]:
		def build() -> Any:
			return frappe.get_doc(
				{
					"doctype": "AO Purchase Order",
					"expected_date": event["wanted"],
					"location": event["to"],
					"lines": build_lines(event["lines"]),
				}
			)

		name, known = self.enter(
			self.loader.order_desk,
			"AO Purchase Order",
			build,
			vendor=event["vendor"],
			order_date=event["date"],
		)
		self.orders[event["no"]] = name
		return "AO Purchase Order", known

	def play_receiver(self, event: dict) -> tuple[str, str]:
		vendor = frappe.db.get_value("AO Purchase Order", self.orders[event["of"]], "vendor")

		def build() -> Any:
			doc = make_receiver(self.orders[event["of"]])
			keep_only(doc, event["quantities"])
			doc.vendor_invoice_number = event.get("invoice")
			doc.billing = "Bill Later" if event.get("billed") == "later" else "Bill Now"
			for description, amount, carrier in event.get("freight", ()):
				doc.append(
					"landed_costs",
					{
						"description": description,
						"amount": float(amount),
						"spread_by": "Quantity",
						"vendor": carrier,
					},
				)
			return doc

		_name, known = self.enter(
			self.loader.warehouse, "AO Receiver", build, vendor=vendor, posting_date=event["date"]
		)
		return "AO Receiver", known

	def play_vendor_bill(self, event: dict) -> tuple[str, str]:
		receiver = frappe.db.get_value(
			"AO Receiver Line", {"purchase_order": self.orders[event["of"]]}, "parent"
		)

		def build() -> Any:
			doc = make_vendor_bill(receiver)
			for row in doc.lines:
				row.unit_cost = float(event["costs"].get(row.item, row.unit_cost))
			doc.posting_date = event["date"]
			return doc

		_name, known = self.enter(
			self.loader.manager, "AO Vendor Bill", build, vendor_invoice_number=event["invoice"]
		)
		return "AO Vendor Bill", known

	def play_vendor_return(self, event: dict) -> tuple[str, str]:
		receiver = frappe.db.get_value("AO Receiver", {"vendor_invoice_number": event["of"]})

		def build() -> Any:
			doc = make_vendor_return(receiver)
			keep_only(doc, event["quantities"])
			return doc

		vendor = frappe.db.get_value("AO Receiver", receiver, "vendor")
		_name, known = self.enter(
			self.loader.warehouse,
			"AO Vendor Return",
			build,
			vendor=vendor,
			posting_date=event["date"],
			reason=event["reason"],
		)
		return "AO Vendor Return", known

	def play_customer_return(self, event: dict) -> tuple[str, str]:
		ship_doc = self.find_ship_doc(event["order"])

		def build() -> Any:
			doc = make_customer_return(ship_doc)
			keep_only(doc, event["quantities"])
			doc.freight = 0
			return doc

		_name, known = self.enter(
			self.loader.warehouse,
			"AO Customer Return",
			build,
			customer=self.story.orders[event["order"]].customer,
			posting_date=event["date"],
			reason=event["reason"],
		)
		return "AO Customer Return", known

	def play_work_order(self, event: dict) -> tuple[str, str]:
		own = {"item": event["item"], "posting_date": event["date"], "quantity": float(event["finished"])}
		known = frappe.db.get_value("AO Work Order", {**own, "docstatus": SUBMITTED})
		if not known:
			with act_as(self.loader.warehouse):
				doc = frappe.get_doc(
					{
						"doctype": "AO Work Order",
						**own,
						"quantity": float(event["planned"]),
						"location": event["at"],
					}
				).insert()
				split_work_order(doc.name, float(event["finished"]))
				doc.reload()
				for step in doc.steps:
					step.status = FINISHED
				submit(doc)
		return "AO Work Order", known or ""

	def play_deposit(self, event: dict) -> tuple[str, str]:
		return self.take_payment(event, sales_order=self.loader.order_names[event["order"]])

	def play_payment(self, event: dict) -> tuple[str, str]:
		return self.take_payment(event, ship_doc=self.find_ship_doc(event["order"]))

	def take_payment(self, event: dict, **purpose: str) -> tuple[str, str]:
		def build() -> Any:
			return frappe.get_doc(
				{
					"doctype": "AO Payment",
					"amount": float(event["amount"]),
					"lines": [{**purpose, "amount": float(event["amount"])}],
				}
			)

		_name, known = self.enter(
			self.loader.manager,
			"AO Payment",
			build,
			customer=self.story.orders[event["order"]].customer,
			posting_date=event["date"],
			payment_reference=event["reference"],
		)
		return "AO Payment", known

	def play_transfer(self, event: dict) -> tuple[str, str]:
		def build() -> Any:
			return frappe.get_doc({"doctype": "AO Transfer", "lines": build_lines(event["lines"])})

		_name, known = self.enter(
			self.loader.warehouse,
			"AO Transfer",
			build,
			from_location=event["from"],
			to_location=event["to"],
			posting_date=event["date"],
		)
		return "AO Transfer", known

	def play_loss(self, event: dict) -> tuple[str, str]:
		def build() -> Any:
			lines = [{"item": item, "quantity_change": float(change)} for item, change in event["lines"]]
			return frappe.get_doc({"doctype": "AO Quantity Adjustment", "lines": lines})

		_name, known = self.enter(
			self.loader.manager,
			"AO Quantity Adjustment",
			build,
			location=event["at"],
			reason=event["reason"],
			posting_date=event["date"],
		)
		return "AO Quantity Adjustment", known

	def find_ship_doc(self, order_no: int) -> str:
		"""The ship doc of one of the story's orders that left in one part."""
		return frappe.db.get_value(
			"AO Ship Doc Line",
			{"sales_order": self.loader.order_names[order_no], "docstatus": SUBMITTED},
			"parent",
		)


def build_lines(lines: list) -> list[dict[str, Any]]:
	return [{"item": item, "quantity": float(quantity)} for item, quantity in lines]


def keep_only(doc: Any, quantities: dict[str, Any]) -> None:
	"""Of a document's rows keep these items, so many of each."""
	rows = [row for row in doc.lines if row.item in quantities]
	for number, row in enumerate(rows, start=1):
		row.quantity, row.idx = float(quantities[row.item]), number
	doc.set("lines", rows)
