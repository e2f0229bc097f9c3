"""Receive now, bill later: what the bill says differently goes to what is on hand, and to cost of goods for what has left."""

import frappe
from frappe.model.document import Document

from allorders_qb.allorders_qb.doctype.ao_receiver.ao_receiver import make_vendor_bill
from allorders_qb.stock.recosting import recost_item
from allorders_qb.tests.test_purchasing import DAY, PurchasingTestCase
from allorders_qb.tests.utils import make_receiver, make_ship_doc, make_vendor

LATER = "2030-05-10"


class TestVendorBills(PurchasingTestCase):
	def bring(self, dozens: float = 1, billing: str = "Bill Later", **values) -> Document:
		return make_receiver(
			vendor=values.pop("vendor", self.vendor),
			lines=[
				{
					"item": self.item,
					"quantity": dozens,
					"unit_cost": 30,
					"purchase_unit": "dozen",
					"conversion": 12,
				}
			],
			location=self.location,
			posting_date=DAY,
			billing=billing,
			**values,
		)

	def bill(
		self, receiver: Document, submit: bool = True, quantity: float | None = None, **line
	) -> Document:
		doc = make_vendor_bill(receiver.name)
		doc.posting_date = LATER
		if quantity:
			line["quantity"] = quantity
		doc.lines[0].update(line)
		doc.insert()
		return doc.submit() if submit else doc

	def ship(self, quantity: float) -> Document:
		lines = [{"item": self.item, "quantity": quantity, "unit_price": 10}]
		return make_ship_doc(lines=lines, location=self.location, posting_date=LATER, submit=True)

	def read_billed(self, receiver: Document) -> tuple[float, float]:
		fields = ["billed_quantity", "billed_cost"]
		return frappe.db.get_value("AO Receiver Line", receiver.lines[0].name, fields)

	def test_a_price_difference_divides_over_what_is_there_and_what_was_sold(self) -> None:
		receiver = self.bring()
		self.ship(3)
		doc = self.bill(receiver, unit_cost=34)
		row = doc.lines[0]
		self.assertEqual((doc.status, doc.total, row.received_cost, row.difference), ("Billed", 34, 30, 4))
		self.assertEqual((doc.revalued_amount, doc.charged_amount), (3, 1))
		self.assertEqual((row.revalued_amount, row.charged_amount), (3, 1))
		self.assertEqual((self.read_stock(), self.read_billed(receiver)), ((9, 25.5), (12, 30)))
		self.assertEqual(recost_item(self.item), [], "told again, it is worth the same")

	def test_a_cancelled_bill_leaves_no_trace_of_itself(self) -> None:
		receiver = self.bring()
		self.ship(3)
		doc = self.bill(receiver, unit_cost=34)
		self.refuse(f"it was billed on {doc.name}", receiver.cancel)
		doc.cancel()
		recost_item(self.item)
		self.assertEqual((self.read_stock(), self.read_billed(receiver)), ((9, 22.5), (0, 0)))

	def test_many_receivers_and_a_part_of_one(self) -> None:
		first, second = self.bring(1), self.bring(2)
		doc = make_vendor_bill(second.name, make_vendor_bill(first.name))
		doc.posting_date = LATER
		doc.lines[1].quantity = 0.5
		doc.insert().submit()
		self.assertEqual(
			[(row.receiver, row.received_cost, row.difference) for row in doc.lines],
			[(first.name, 30, 0), (second.name, 15, 0)],
		)
		rest = self.bill(second)
		self.assertEqual((rest.lines[0].quantity, rest.lines[0].received_cost), (1.5, 45))
		self.assertEqual(self.read_billed(second), (24, 60))
		self.refuse("is left to be billed", lambda: make_vendor_bill(second.name))

	def test_nothing_is_billed_twice(self) -> None:
		receiver = self.bring()
		draft = self.bill(receiver, submit=False)
		self.bill(receiver, quantity=0.75)
		self.refuse(
			f"Row 1: 12 of {self.item} is more than the 3 of {receiver.name} that are not billed yet (received 12, billed 9)",
			draft.submit,
		)

	def test_what_was_billed_with_its_receipt_gets_no_bill(self) -> None:
		now, later = self.bring(billing="Bill Now"), self.bring()
		self.refuse("is left to be billed", lambda: make_vendor_bill(now.name))
		draft = self.bill(later, submit=False)
		draft.lines[0].update({"receiver": now.name, "receiver_line": now.lines[0].name})
		self.refuse(f"Row 1: {now.name} was billed with its receipt", draft.save)

	def test_a_bill_in_another_currency_at_another_rate(self) -> None:
		vendor = make_vendor(currency="EUR").name
		receiver = self.bring(vendor=vendor, exchange_rate=1.1)
		doc = self.bill(receiver, submit=False)
		doc.exchange_rate = 1.2
		doc.save()
		doc.submit()
		self.assertEqual((doc.lines[0].received_cost, doc.lines[0].difference), (33, 3))
		self.assertEqual(self.read_stock(), (12, 36))

	def test_the_carriers_bill_puts_the_estimate_right(self) -> None:
		carrier = make_vendor().name
		cost = {"description": "Freight", "amount": 12, "vendor": carrier}
		receiver = self.bring(billing="Bill Now", landed_costs=[cost])
		self.ship(6)
		self.assertEqual(self.read_stock(), (6, 21))
		doc = make_vendor_bill(receiver.name)
		self.assertEqual((doc.vendor, len(doc.lines), doc.landed_costs[0].amount), (carrier, 0, 12))
		doc.posting_date = LATER
		doc.landed_costs[0].amount = 15
		doc.insert().submit()
		row = doc.landed_costs[0]
		self.assertEqual(
			(doc.total, row.difference, row.revalued_amount, row.charged_amount), (15, 3, 1.5, 1.5)
		)
		self.assertEqual(self.read_stock(), (6, 22.5))
		self.assertEqual(recost_item(self.item), [])
		self.refuse("is left to be billed", lambda: make_vendor_bill(receiver.name))
		self.refuse(f"its freight or duty was billed on {doc.name}", receiver.cancel)
		doc.cancel()
		recost_item(self.item)
		self.assertEqual(self.read_stock(), (6, 21))

	def test_freight_is_billed_once_and_where_it_belongs(self) -> None:
		receiver = self.bring(billing="Bill Now", landed_costs=[{"description": "Freight", "amount": 12}])
		first, second = (make_vendor_bill(receiver.name) for _number in range(2))
		for doc in (first, second):
			doc.posting_date = LATER
			doc.insert()
		first.submit()
		self.refuse(f"row 1: Freight of {receiver.name} is billed already", second.submit)
		second.reload()
		second.landed_costs[0].landed_cost = "nothing"
		self.refuse("it is no line of freight and duty of", second.save)
