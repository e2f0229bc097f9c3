"""The story into the site, through the documents, day by day, each thing by the person whose job it is.

What is there already is left as it is: a second run enters nothing twice, an interrupted one goes on where it stopped.
Every document is committed by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import frappe
from frappe.utils import getdate

from allorders_qb.allorders_qb.doctype.ao_sales_order.ao_sales_order import close_sales_order, make_ship_doc
from demo.people import get_person
from demo.site import act_as
from demo.story import REST, Chapter, Count, Line, Order, Shipment, Story

CURRENCY = "USD"
ADDRESS_PARTS = ("line1", "line2", "city", "state", "postal_code", "country")
ITEM_COLUMNS = (
	"item_code",
	"item_type",
	"category",
	"unit",
	"unit_price",
	"purchase_cost",
	"item_name",
	"description",
	"sku",
	"income_account",
	"inactive",
)
CUSTOMER_COLUMNS = (
	"customer_name",
	"customer_type",
	"contact_name",
	"email",
	"phone",
	"terms",
	"sales_rep",
	"ship_method",
	"tax_code",
	"inactive",
	"notes",
)
VENDOR_COLUMNS = ("vendor_name", "contact_name", "email", "phone", "terms", "account_number", "notes")
PRICE_COLUMNS = ("vendor", "vendor_item_code", "purchase_unit", "conversion", "unit_cost", "preferred")
SUBMITTED, CANCELLED = 1, 2


@dataclass
class Tally:
	"""What was entered, and what was there already."""

	entered: dict[str, int] = field(default_factory=dict)
	known: dict[str, int] = field(default_factory=dict)

	def count(self, doctype: str, entered: bool) -> None:
		counts = self.entered if entered else self.known
		counts[doctype] = counts.get(doctype, 0) + 1


class Loader:
	"""Enters a story; remembers which document stands for what."""

	def __init__(self, story: Story):
		self.story = story
		self.tally = Tally()
		self.manager = get_person(story, "AO Manager")["email"]
		self.order_desk = get_person(story, "AO User", without="QuickBooks Poster")["email"]
		self.warehouse = get_person(story, "QuickBooks Poster", without="AO Manager")["email"]
		self.order_names: dict[int, str] = {}
		self.ship_doc_names: dict[int, str] = {}
		"""By the position of the shipment in the story."""
		self._positions = {id(shipment): index for index, shipment in enumerate(story.shipments)}

	def load_lists(self) -> None:
		"""Enter locations, methods, reps, customer types, vendors, items and customers."""
		told = self.story.lists
		with act_as(self.manager):
			for doctype, rows in (
				("AO Location", told["locations"]),
				("AO Shipping Method", told["ship_methods"]),
				("AO Sales Rep", told["sales_reps"]),
				("AO Customer Type", told["customer_types"]),
			):
				for row in rows:
					self._enter_record(doctype, next(iter(row.values())), row)
			self._choose_location(told["default_location"])
			for row in self.story.vendors.values():
				self._enter_record("AO Vendor", row["vendor_name"], build_vendor(row))
			for row in self.story.items.values():
				self._enter_record("AO Item", row["item_code"], build_item(row, self.story))
			for row in self.story.customers.values():
				self._enter_record("AO Customer", row["customer_name"], build_customer(row))

	def _choose_location(self, location: str) -> None:
		settings = frappe.get_doc("AO Settings")
		if not settings.default_location:
			settings.default_location = location
			settings.save()
			frappe.db.commit()

	def _enter_record(self, doctype: str, name: str, values: dict[str, Any]) -> None:
		if frappe.db.exists(doctype, name):
			self.tally.count(doctype, entered=False)
			return
		frappe.get_doc({"doctype": doctype, **values}).insert()
		frappe.db.commit()
		self.tally.count(doctype, entered=True)

	def load_chapter(self, chapter: Chapter) -> None:
		"""Enter a month in the order of its days."""
		self._find_known()
		for _day, enter in list_events(chapter, self):
			enter()
			frappe.clear_messages()

	def _find_known(self) -> None:
		self._known_orders = {
			(row.customer, row.order_date, row.po_number or ""): row
			for row in frappe.get_all(
				"AO Sales Order",
				fields=["name", "customer", "order_date", "po_number", "docstatus", "is_closed"],
				order_by="name",
			)
		}
		self._known_ship_docs = find_ship_docs()
		self._known_counts = {
			(row.posting_date, row.remarks or "")
			for row in frappe.get_all("AO Opening Stock", fields=["posting_date", "remarks"], order_by="name")
		}

	def enter_count(self, count: Count) -> None:
		known = (count.day, count.remarks) in self._known_counts
		if not known:
			with act_as(self.manager):
				doc = frappe.get_doc(build_count(count, self.story))
				submit(doc)
		self.tally.count("AO Opening Stock", entered=not known)

	def enter_order(self, order: Order) -> None:
		known = self._known_orders.get(order.key)
		if known:
			self.order_names[order.no] = known.name
		else:
			with act_as(self.order_desk):
				doc = frappe.get_doc(build_order(order))
				submit(doc)
			self.order_names[order.no] = doc.name
		self.tally.count("AO Sales Order", entered=not known)

	def enter_shipment(self, shipment: Shipment) -> None:
		key = (
			shipment.customer,
			shipment.day,
			shipment.location,
			self.order_names.get(shipment.first_order, ""),
		)
		name = self._known_ship_docs.get(key)
		self.tally.count("AO Ship Doc", entered=not name)
		if not name:
			with act_as(shipment.person or self.warehouse):
				name = self._ship(shipment)
		self.ship_doc_names[self._positions[id(shipment)]] = name

	def _ship(self, shipment: Shipment) -> str:
		doc = None
		for no, left in shipment.of.items():
			doc = make_ship_doc(self.order_names[no], doc)
			if left != REST:
				keep_only(doc, self.order_names[no], left)
		if doc is None:
			doc = frappe.get_doc(
				{
					"doctype": "AO Ship Doc",
					"customer": shipment.customer,
					"lines": build_lines(shipment.lines),
				}
			)
		doc.update(build_ship_header(shipment))
		if shipment.draft:
			doc.insert()
			frappe.db.commit()
		else:
			submit(doc)
		return doc.name

	def close_order(self, order: Order) -> None:
		known = self._known_orders.get(order.key)
		if not known or not (known.is_closed or known.docstatus == CANCELLED):
			with act_as(self.manager):
				close_sales_order(self.order_names[order.no])
				frappe.db.commit()

	def cancel_order(self, order: Order) -> None:
		known = self._known_orders.get(order.key)
		if not known or known.docstatus == SUBMITTED:
			with act_as(self.manager):
				frappe.get_doc("AO Sales Order", self.order_names[order.no]).cancel()
				frappe.db.commit()


def list_events(chapter: Chapter, loader: Loader) -> Iterator[tuple[date, Callable[[], None]]]:
	"""Yield what happens in a month, by day; on one day goods are counted first, and orders closed last."""
	events: list[tuple[date, int, Callable[[], None]]] = []
	for count in chapter.counts:
		events.append((count.day, 0, bind(loader.enter_count, count)))
	for order in chapter.orders:
		events.append((order.day, 1, bind(loader.enter_order, order)))
	for shipment in chapter.shipments:
		events.append((shipment.day, 2, bind(loader.enter_shipment, shipment)))
	# An order is closed or cancelled in whichever month that happens, not in its own.
	month = (chapter.orders[0].day.year, chapter.orders[0].day.month)
	for order in loader.story.orders.values():
		if order.closed and (order.closed.year, order.closed.month) == month:
			events.append((order.closed, 3, bind(loader.close_order, order)))
		if order.cancelled and (order.cancelled.year, order.cancelled.month) == month:
			events.append((order.cancelled, 3, bind(loader.cancel_order, order)))
	for day, _rank, enter in sorted(events, key=lambda event: event[:2]):
		yield day, enter


def bind(enter: Callable, told: Any) -> Callable[[], None]:
	return lambda: enter(told)


def submit(doc: Any) -> None:
	"""Save a new document submitted at once, in one transaction: there is either the whole of it or nothing."""
	doc.submit()
	frappe.db.commit()


def find_ship_docs() -> dict[tuple[str, date, str, str], str]:
	"""The ship docs that are there, by customer, day, location and first order."""
	first_orders: dict[str, str] = {}
	for row in frappe.get_all("AO Ship Doc Line", fields=["parent", "sales_order"], order_by="parent, idx"):
		first_orders.setdefault(row.parent, row.sales_order or "")
	return {
		(row.customer, getdate(row.posting_date), row.location, first_orders.get(row.name, "")): row.name
		for row in frappe.get_all(
			"AO Ship Doc", fields=["name", "customer", "posting_date", "location"], order_by="name"
		)
	}


def pick(row: dict[str, str], columns: tuple[str, ...]) -> dict[str, str]:
	"""The columns that say something."""
	return {column: row[column] for column in columns if row[column]}


def build_vendor(row: dict[str, str]) -> dict[str, Any]:
	return {
		**pick(row, VENDOR_COLUMNS),
		"currency": CURRENCY,
		**{f"address_{part}": row[part] for part in ADDRESS_PARTS},
	}


def build_item(row: dict[str, str], story: Story) -> dict[str, Any]:
	"""An item with what its vendors ask and what one of it is made of."""
	code = row["item_code"]
	made = story.bills_of_materials.get(code, {"components": {}, "costs": (), "steps": ()})
	return {
		**pick(row, ITEM_COLUMNS),
		"vendor_prices": [
			pick(price, PRICE_COLUMNS) for price in story.vendor_prices if price["item_code"] == code
		],
		"components": [{"item": item, "quantity": number} for item, number in made["components"].items()],
		"production_costs": [
			dict(zip(("kind", "description", "amount"), cost, strict=True)) for cost in made["costs"]
		],
		"steps": [dict(zip(("step_name", "notes"), step, strict=True)) for step in made["steps"]],
	}


def build_customer(row: dict[str, str]) -> dict[str, Any]:
	values: dict[str, Any] = {
		**pick(row, CUSTOMER_COLUMNS),
		"currency": CURRENCY,
		"company_name": row["customer_name"],
	}
	for part in ADDRESS_PARTS:
		values[f"bill_to_{part}"] = row[part]
		if row["ship_to_line1"]:
			values[f"ship_to_{part}"] = row.get(f"ship_to_{part}") or (row[part] if part == "country" else "")
	return values


def build_count(count: Count, story: Story) -> dict[str, Any]:
	return {
		"doctype": "AO Opening Stock",
		"posting_date": count.day,
		"remarks": count.remarks,
		"lines": [
			{
				"item": item,
				"location": location,
				"quantity": float(quantity),
				"unit_cost": float(story.items[item]["purchase_cost"] or 0),
			}
			for location, items in count.counted.items()
			for item, quantity in items.items()
		],
	}


def build_order(order: Order) -> dict[str, Any]:
	return {
		"doctype": "AO Sales Order",
		"customer": order.customer,
		"order_date": order.day,
		"requested_date": order.wanted,
		"location": order.location,
		"po_number": order.po,
		"ship_method": order.by or None,
		"freight": float(order.freight),
		"customer_note": order.note,
		"private_note": order.private,
		"lines": build_lines(order.lines),
	}


def build_lines(lines: tuple[Line, ...]) -> list[dict[str, Any]]:
	"""Rows as somebody types them: what is left empty comes from the item."""
	return [
		{
			"item": line.item,
			"quantity": float(line.quantity),
			"unit_price": None if line.price is None else float(line.price),
			"discount_percent": float(line.discount),
			"description": line.note or None,
		}
		for line in lines
	]


def build_ship_header(shipment: Shipment) -> dict[str, Any]:
	values: dict[str, Any] = {
		"posting_date": shipment.day,
		"location": shipment.location,
		"tracking_number": shipment.tracking,
		"never_send": int(bool(shipment.never_send)),
		"never_send_reason": shipment.never_send,
	}
	said = {
		"ship_method": shipment.by,
		"po_number": shipment.po,
		"due_date": shipment.due,
		"customer_note": shipment.note,
		"private_note": shipment.private,
	}
	values.update({name: value for name, value in said.items() if value})
	if shipment.freight is not None:
		values["freight"] = float(shipment.freight)
	return values


def keep_only(doc: Any, order_name: str, quantities: dict[str, Any]) -> None:
	"""Of one order's rows keep those that leave now, with the quantity that does."""
	rows = [row for row in doc.lines if row.sales_order != order_name or row.item in quantities]
	for row in rows:
		if row.sales_order == order_name:
			row.quantity = float(quantities[row.item])
	for number, row in enumerate(rows, start=1):
		row.idx = number
	doc.set("lines", rows)
