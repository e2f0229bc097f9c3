"""What goes back to vendors: at the cost of what that receiver brought, and never more than it brought."""

import frappe
from frappe.model.document import Document

from allorders_qb.allorders_qb.doctype.ao_receiver.ao_receiver import make_vendor_return
from allorders_qb.stock.recosting import recost_item
from allorders_qb.tests.test_purchasing import DAY, PurchasingTestCase
from allorders_qb.tests.utils import make_item, make_receiver, make_ship_doc, make_vendor

LATER = "2030-05-10"


class TestVendorReturns(PurchasingTestCase):
	def setUp(self) -> None:
		super().setUp()
		self.cheap, self.dear = self.bring(1), self.bring(1, 48)

	def bring(self, dozens: float, unit_cost: float = 30, **values) -> Document:
		lines = [{"item": self.item, "quantity": dozens, "unit_cost": unit_cost}]
		return make_receiver(
			vendor=self.vendor, lines=lines, location=self.location, **{"posting_date": DAY, **values}
		)

	def give_back(self, receiver: Document, quantity: float, submit: bool = True, **line) -> Document:
		doc = make_vendor_return(receiver.name)
		doc.posting_date = LATER
		doc.lines[0].update({"quantity": quantity, **line})
		doc.insert()
		return doc.submit() if submit else doc

	def ship(self, quantity: float) -> Document:
		lines = [{"item": self.item, "quantity": quantity, "unit_price": 10}]
		return make_ship_doc(lines=lines, location=self.location, posting_date=LATER, submit=True)

	def test_the_receivers_own_goods_go_back_first(self) -> None:
		doc = self.give_back(self.dear, 0.5)
		self.assertEqual((doc.vendor, doc.total, doc.total_cost, doc.variance), (self.vendor, 24, 24, 0))
		self.assertEqual(self.read_stock(), (18, 54))
		self.assertEqual(self.ship(12).total_cost, 30, "the older goods are still the first to be shipped")
		self.assertEqual(recost_item(self.item), [], "told again, it is worth the same")
		doc.cancel()
		recost_item(self.item)
		self.assertEqual(self.read_stock(), (12, 48))
		self.assertEqual(
			frappe.db.get_value("AO Receiver Line", self.dear.lines[0].name, "returned_quantity"), 0
		)

	def test_what_is_gone_of_it_is_taken_first_in_first_out(self) -> None:
		self.ship(20)
		doc = self.give_back(self.cheap, 0.25)
		self.assertEqual((doc.total_cost, self.read_stock()), (12, (1, 4)))

	def test_credit_less_cost_is_the_variance(self) -> None:
		doc = self.give_back(self.dear, 0.5, unit_cost=40)
		self.assertEqual((doc.total, doc.total_cost, doc.variance, doc.lines[0].variance), (20, 24, -4, -4))

	def test_a_return_alone_takes_the_oldest(self) -> None:
		doc = frappe.get_doc({
			"doctype": "AO Vendor Return", "vendor": self.vendor, "location": self.location, "posting_date": LATER,
			"lines": [{"item": self.item, "quantity": 1}],
		}).insert().submit()  # fmt: skip
		self.assertEqual((doc.total, doc.total_cost, self.read_stock()), (30, 30, (12, 48)))

	def test_never_more_than_was_received(self) -> None:
		self.give_back(self.cheap, 0.75)
		draft = self.give_back(self.cheap, 0.25, submit=False)
		draft.lines[0].quantity = 0.5
		draft.save()
		self.refuse(
			f"Row 1: 6 of {self.item} is more than the 3 that can still go back of {self.cheap.name} (received 12, returned 9). Lower",
			draft.submit,
		)
		draft.reload()
		draft.lines[0].quantity = 0.25
		draft.save()
		draft.submit()
		self.refuse("is left that could go back", lambda: make_vendor_return(self.cheap.name))
		self.refuse("goods of it went back on", self.cheap.cancel)

	def test_what_does_not_fit_is_refused(self) -> None:
		for said, change in (
			("it cannot have gone back before", {"posting_date": "2030-05-01"}),
			("this return goes to", {"vendor": make_vendor().name}),
		):
			draft = self.give_back(self.cheap, 1, submit=False)
			self.refuse(said, lambda draft=draft, change=change: draft.update(change).save())
		self.refuse("is not what was received", lambda: self.give_back(self.cheap, 1, item=make_item().name))

	def test_it_goes_back_at_the_rate_it_came_at(self) -> None:
		vendor = make_vendor(currency="EUR").name
		receiver = make_receiver(
			vendor=vendor,
			lines=[{"item": self.item, "quantity": 12, "unit_cost": 1}],
			location=self.location,
			posting_date=DAY,
			exchange_rate=1.25,
		)
		doc = self.give_back(receiver, 6)
		self.assertEqual((doc.exchange_rate, doc.total, doc.total_cost, doc.variance), (1.25, 6, 7.5, 0))
		draft = self.give_back(receiver, 1, submit=False)
		draft.exchange_rate = 1.3
		self.refuse(f"Row 1: {receiver.name} was received at an exchange rate of 1.25", draft.save)
		draft = self.give_back(receiver, 1, submit=False)
		draft.exchange_rate = 150
		self.refuse("exchange rate of 1.25, and this return is at 150.", draft.save)
