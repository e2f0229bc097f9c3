"""The same year, as documents of the app: each event becomes what a clerk enters, and QuickBooks is let have it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from books_accounts import BANK, EXPENSE, SALES
from books_events import (
	SHOP,
	WAREHOUSE,
	Adjust,
	BillGoods,
	Bought,
	Build,
	Count,
	OpenStock,
	OrderGoods,
	OrderSale,
	Pay,
	PayVendor,
	Receive,
	ReturnToVendor,
	Revalue,
	Ship,
	Sold,
	TakeApart,
	TakeBack,
	Transfer,
	TrueUp,
	Year,
	tell,
)

UNTAXED = "NON"


def choose_mode(frappe: Any, mode: str, first_day: str) -> None:
	"""Choose an inventory mode with all its accounts, as a person does in QuickBooks Settings of a site that has none yet."""
	from allorders_qb.tests.booked import ACCOUNTS, forget_mode

	forget_mode()
	settings = frappe.get_doc("QuickBooks Settings")
	settings.update({"inventory_mode": mode, "inventory_start_date": first_day, **ACCOUNTS})
	settings.default_income_account, settings.default_expense_account = SALES, EXPENSE
	settings.save()
	frappe.db.commit()


class Clerk:
	"""Has a verb for every event. `send` lets QuickBooks have what is queued; `company` is for what a bookkeeper does there."""

	def __init__(self, frappe: Any, company: Any, send: Callable[[], None]) -> None:
		self.frappe, self.company, self.send = frappe, company, send
		self.documents: dict[str, Any] = {}
		"""By the names that the story gives them."""

	def live_through(self, year: Year) -> None:
		self.make_lists(year)
		tell(year.story, self)

	def make_lists(self, year: Year) -> None:
		from allorders_qb.tests import utils

		for location in (WAREHOUSE, SHOP):
			if not self.frappe.db.exists("AO Location", location):
				utils.make_location(location)
		for code, values in year.items.items():
			utils.make_item(code, unit="each", **values)
		for name, currency in year.customers.items():
			utils.make_customer(name, currency=currency)
		for name, currency in year.vendors.items():
			utils.make_vendor(name, currency=currency)
		self.frappe.db.commit()

	def _submit(self, event: Any, doctype: str, **values: Any) -> Any:
		"""Enter and submit a document, let QuickBooks have it, and let the site's background work be done."""
		doc = self.frappe.get_doc({"doctype": doctype, "posting_date": event.day, **values}).insert()
		doc.submit()
		return self._finish(event, doc)

	def _finish(self, event: Any, doc: Any) -> Any:
		from allorders_qb.stock.recosting import recost_due_items

		self.frappe.db.commit()
		if getattr(event, "name", None):
			self.documents[event.name] = doc
		self.send()
		recost_due_items()
		self.frappe.db.commit()
		return doc

	def _find_row(self, name: str, number: int) -> Any:
		return self.documents[name].lines[number - 1]

	def open_stock(self, event: OpenStock) -> None:
		line = {
			"item": event.item,
			"location": WAREHOUSE,
			"quantity": event.quantity,
			"unit_cost": event.unit_cost,
		}
		why = "Each item is counted on its own; the whole is compared at the end."
		self._submit(event, "AO Opening Stock", lines=[line], difference_reason=why)

	# Sales

	def order_sale(self, event: OrderSale) -> None:
		self._submit(
			event,
			"AO Sales Order",
			order_date=event.day,
			customer=event.customer,
			location=WAREHOUSE,
			freight=event.freight,
			exchange_rate=event.rate,
			lines=[self._make_sold(line) for line in event.lines],
		)

	def _make_sold(self, line: Sold) -> dict[str, Any]:
		row = {
			"item": line.item,
			"quantity": line.quantity,
			"unit_price": line.unit_price,
			"discount_percent": line.discount,
			"tax_code": UNTAXED,
		}
		if line.order:
			order = self.documents[line.order]
			ordered = next(row for row in order.lines if row.item == line.item)
			row.update(sales_order=order.name, sales_order_line=ordered.name)
		return row

	def ship(self, event: Ship) -> None:
		self._submit(
			event,
			"AO Ship Doc",
			customer=event.customer,
			location=event.location,
			freight=event.freight,
			exchange_rate=event.rate,
			paid_at_sale=int(event.paid_at_sale),
			lines=[self._make_sold(line) for line in event.lines],
		)

	def take_back(self, event: TakeBack) -> None:
		rows = []
		for line in event.lines:
			row = {
				"item": line.item,
				"quantity": line.quantity,
				"unit_price": line.unit_price,
				"unit_cost": line.unit_cost or 0,
				"tax_code": UNTAXED,
				"disposition": "Scrap" if line.scrapped else "Back to Stock",
			}
			if line.shipment:
				shipped = self._find_row(line.shipment, line.row)
				row.update(ship_doc=shipped.parent, ship_doc_line=shipped.name)
			rows.append(row)
		self._submit(
			event,
			"AO Customer Return",
			customer=event.customer,
			location=WAREHOUSE,
			exchange_rate=event.rate,
			refunded_at_once=int(event.refunded),
			lines=rows,
		)

	def pay(self, event: Pay) -> None:
		self._submit(
			event,
			"AO Payment",
			customer=event.customer,
			amount=event.amount,
			exchange_rate=event.rate,
			lines=[
				{
					"sales_order" if settled.order else "ship_doc": self.documents[
						settled.order or settled.shipment
					].name,
					"amount": settled.amount,
				}
				for settled in event.settles
			],
		)

	# Purchases

	def order_goods(self, event: OrderGoods) -> None:
		self._submit(
			event,
			"AO Purchase Order",
			order_date=event.day,
			vendor=event.vendor,
			location=WAREHOUSE,
			lines=[self._make_bought(line) for line in event.lines],
		)

	def _make_bought(self, line: Bought) -> dict[str, Any]:
		row = {
			"item": line.item,
			"quantity": line.quantity,
			"unit_cost": line.unit_cost,
			"conversion": line.conversion,
			"purchase_unit": "each" if line.conversion == "1" else f"unit of {line.conversion}",
		}
		if line.order:
			order = self.documents[line.order]
			ordered = next(row for row in order.lines if row.item == line.item)
			row.update(purchase_order=order.name, purchase_order_line=ordered.name)
		return row

	def receive(self, event: Receive) -> None:
		self._submit(
			event,
			"AO Receiver",
			vendor=event.vendor,
			location=WAREHOUSE,
			billing="Bill Later" if event.bill_later else "Bill Now",
			vendor_invoice_number=None if event.bill_later else event.name,
			exchange_rate=event.rate,
			tax_total=event.tax,
			tax_in_cost=1,
			lines=[self._make_bought(line) for line in event.lines],
			landed_costs=[
				{
					"description": cost.description,
					"amount": cost.amount,
					"spread_by": cost.spread_by,
					"vendor": cost.carrier or None,
				}
				for cost in event.landed
			],
		)

	def bill_goods(self, event: BillGoods) -> None:
		rows = []
		for line in event.lines:
			received = self._find_row(line.receipt, line.row)
			rows.append(
				{
					"receiver": received.parent,
					"receiver_line": received.name,
					"item": received.item,
					"purchase_unit": received.purchase_unit,
					"conversion": received.conversion,
					"quantity": line.quantity,
					"unit_cost": line.unit_cost,
				}
			)
		landed = []
		for billed in event.landed:
			receiver = self.documents[billed.receipt]
			cost = next(row for row in receiver.landed_costs if row.description == billed.description)
			landed.append({"receiver": receiver.name, "landed_cost": cost.name, "amount": billed.amount})
		self._submit(
			event,
			"AO Vendor Bill",
			vendor=event.vendor,
			vendor_invoice_number=event.name,
			exchange_rate=event.rate,
			lines=rows,
			landed_costs=landed,
		)

	def return_to_vendor(self, event: ReturnToVendor) -> None:
		rows = []
		for line in event.lines:
			row = {
				"item": line.item,
				"quantity": line.quantity,
				"unit_cost": line.unit_cost,
				"conversion": line.conversion,
				"purchase_unit": "each" if line.conversion == "1" else f"unit of {line.conversion}",
			}
			if line.receipt:
				received = self._find_row(line.receipt, line.row)
				row.update(receiver=received.parent, receiver_line=received.name)
			rows.append(row)
		self._submit(
			event,
			"AO Vendor Return",
			vendor=event.vendor,
			location=WAREHOUSE,
			exchange_rate=event.rate,
			lines=rows,
		)

	def pay_vendor(self, event: PayVendor) -> None:
		bills = self.company.query(
			f"SELECT * FROM Bill WHERE DocNumber = '{self.documents[event.bill].vendor_invoice_number}'"
		)
		bank = self.company.query(f"SELECT * FROM Account WHERE Name = '{BANK}'")
		amount = float(event.amount)
		self.company.post(
			"BillPayment",
			{
				"VendorRef": bills[0]["VendorRef"],
				"TxnDate": event.day,
				"TotalAmt": amount,
				"PayType": "Check",
				"CheckPayment": {"BankAccountRef": {"value": bank[0]["Id"]}},
				"CurrencyRef": bills[0]["CurrencyRef"],
				"ExchangeRate": float(event.rate),
				"Line": [{"Amount": amount, "LinkedTxn": [{"TxnId": bills[0]["Id"], "TxnType": "Bill"}]}],
			},
		)

	# Production

	def build(self, event: Build) -> None:
		self._submit(
			event,
			"AO Work Order",
			item=event.product,
			quantity=event.quantity,
			location=WAREHOUSE,
			components=[
				{"item": item, "required_quantity": taken} for item, taken in event.components.items()
			],
			costs=[{"kind": kind, "amount": amount} for kind, amount in event.costs.items()],
		)

	def take_apart(self, event: TakeApart) -> None:
		self._submit(
			event,
			"AO Work Order",
			work_kind="Disassemble",
			item=event.product,
			quantity=event.quantity,
			location=WAREHOUSE,
			components=[
				{"item": item, "required_quantity": taken} for item, taken in event.components.items()
			],
		)

	# Adjustments

	def adjust(self, event: Adjust) -> None:
		line = {"item": event.item, "quantity_change": event.change, "unit_cost": event.unit_cost or 0}
		self._submit(event, "AO Quantity Adjustment", location=WAREHOUSE, reason="Other", lines=[line])

	def count(self, event: Count) -> None:
		line = {"item": event.item, "counted_quantity": event.counted}
		self._submit(event, "AO Quantity Adjustment", location=event.location, reason="Counted", lines=[line])

	def revalue(self, event: Revalue) -> None:
		self._submit(event, "AO Value Adjustment", lines=[{"item": event.item, "value_change": event.change}])

	def transfer(self, event: Transfer) -> None:
		self._submit(
			event,
			"AO Transfer",
			from_location=event.source,
			to_location=event.target,
			lines=[{"item": event.item, "quantity": event.quantity}],
		)

	def true_up(self, event: TrueUp) -> None:
		"""Post what documents cost by now beyond what was posted for them, as the button on *Recosting Differences* does."""
		from allorders_qb.sync import true_up

		doc = self.frappe.get_doc(true_up.TRUE_UP, true_up.propose())
		doc.posting_date = event.day
		doc.submit()
		self._finish(event, doc)
