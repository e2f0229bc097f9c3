"""What is bought, in the books: under each inventory mode, with the emulated company's ledger and stock as witness."""

from decimal import Decimal

import frappe
from frappe.model.document import Document

from allorders_qb.allorders_qb.doctype.ao_receiver.ao_receiver import make_vendor_bill, make_vendor_return
from allorders_qb.stock.recosting import recost_item
from allorders_qb.sync import rows
from allorders_qb.sync.true_up import list_differences
from allorders_qb.tests.booked import COST_OF_GOODS, DIFFERENCE, INVENTORY_ASSET, BooksTestCase
from allorders_qb.tests.utils import make_item, make_receiver, make_vendor

PAYABLE = "Accounts Payable (A/P)"
CLEARING, NOT_BILLED, VARIANCE = "Landed Cost Clearing", "Received Not Billed", "Purchase Variance"
VALUES, COUNTED = "Values Only", "QuickBooks Counts Too"
FREIGHT = {"description": "Freight", "amount": 12}


class PurchaseBooksTestCase(BooksTestCase):
	def setUp(self) -> None:
		super().setUp()
		self.vendor = make_vendor().name
		self.item = make_item(purchase_cost=2)

	def receive(self, quantity: float = 2, **values) -> Document:
		"""A receiver of so many dozens at 30.00, submitted and sent."""
		line = {
			"item": self.item.name,
			"quantity": quantity,
			"unit_cost": 30,
			"purchase_unit": "dozen",
			"conversion": 12,
		}
		values = {"vendor_invoice_number": frappe.generate_hash(length=8), **values}
		return self.send(make_receiver(vendor=self.vendor, lines=[line], location=self.location, **values))

	def bill(self, receiver: Document, **line) -> Document:
		doc = make_vendor_bill(receiver.name)
		doc.vendor_invoice_number = frappe.generate_hash(length=8)
		(doc.lines or doc.landed_costs)[0].update(line)
		return self.send(doc.insert().submit())

	def assert_balances(self, **expected: float) -> None:
		"""Compare accounts, by the names above; payables are owed."""
		names = {
			"inventory": INVENTORY_ASSET, "cogs": COST_OF_GOODS, "payable": PAYABLE, "clearing": CLEARING,
			"not_billed": NOT_BILLED, "variance": VARIANCE, "difference": DIFFERENCE,
		}  # fmt: skip
		found = {key: self.company.get_balance(name) for key, name in names.items()}
		self.assertEqual(found, {**dict.fromkeys(names, 0), **expected})

	def assert_worth(self) -> None:
		"""Inventory in the books is what our own valuation says."""
		value = frappe.db.get_value("AO Item Stock", {"item": self.item.name}, "value")
		self.assertEqual(Decimal(str(self.company.get_balance(INVENTORY_ASSET))), Decimal(str(value)))

	def read_statuses(self, doc: Document) -> dict[str, str]:
		return {row.role: row.status for row in rows.get_rows(doc.doctype, doc.name)}


class TestValuesOnly(PurchaseBooksTestCase):
	def setUp(self) -> None:
		super().setUp()
		self.choose_mode(VALUES)

	def test_a_receiver_is_the_vendors_bill(self) -> None:
		receiver = self.receive()
		self.assertEqual(self.list_roles(receiver), ["bill"])
		self.assert_balances(inventory=60, payable=-60)
		bill = self.company.query("SELECT * FROM Bill")[0]
		self.assertEqual(
			(bill["DocNumber"], bill["TxnDate"]), (receiver.vendor_invoice_number, receiver.posting_date)
		)
		detail = bill["Line"][0]["ItemBasedExpenseLineDetail"]
		self.assertEqual((detail["Qty"], detail["UnitPrice"]), (24, 2.5))
		self.assertIn("(2 dozen)", bill["Line"][0]["Description"])
		receiver.reload()
		self.assertEqual(receiver.quickbooks_status, "Sent")

	def test_freight_is_worth_something_and_owed_to_nobody_yet(self) -> None:
		receiver = self.receive(landed_costs=[FREIGHT])
		self.assertEqual(self.list_roles(receiver), ["bill", "landed_cost"])
		self.assert_balances(inventory=72, payable=-60, clearing=-12)
		self.assert_worth()
		self.ship(self.item, 12)
		doc = self.bill(receiver, amount=15)
		self.assertEqual(self.read_statuses(doc), {"bill": "Sent", "revaluation": "Sent"})
		self.assert_balances(inventory=37.5, payable=-75, cogs=37.5)
		self.assert_worth()

	def test_tax_that_is_part_of_the_cost_is_on_the_lines(self) -> None:
		self.receive(tax_total=4.8, tax_in_cost=1)
		self.assert_balances(inventory=64.8, payable=-64.8)
		self.assert_worth()

	def test_recoverable_tax_is_refused_in_the_us(self) -> None:
		receiver = self.receive(tax_total=4.8)
		receiver.reload()
		self.assertEqual(receiver.quickbooks_status, "Needs Attention")
		self.assertIn("Tick Tax Is Part of the Cost", receiver.quickbooks_reason)

	def test_received_now_and_billed_later_at_another_price(self) -> None:
		receiver = self.receive(billing="Bill Later")
		self.assertEqual(self.list_roles(receiver), ["accrual"])
		self.assert_balances(inventory=60, not_billed=-60)
		self.ship(self.item, 6)
		self.assert_balances(inventory=45, not_billed=-60, cogs=15)
		doc = self.bill(receiver, unit_cost=32)
		self.assertEqual(self.list_roles(doc), ["bill", "accrual_reversal", "revaluation"])
		self.assert_balances(inventory=48, payable=-64, cogs=16)
		self.assert_worth()

	def test_freight_on_what_is_billed_later(self) -> None:
		receiver = self.receive(billing="Bill Later", landed_costs=[FREIGHT])
		self.assertEqual(self.read_statuses(receiver), {"accrual": "Sent", "landed_cost": "Sent"})
		self.assert_balances(inventory=72, not_billed=-60, clearing=-12)
		self.ship(self.item, 6)
		self.bill(receiver, unit_cost=32)
		self.assert_balances(inventory=57, payable=-76, cogs=19)
		self.assert_worth()

	def test_a_bill_at_the_same_price_changes_no_value(self) -> None:
		doc = self.bill(self.receive(billing="Bill Later"))
		self.assertEqual(
			self.read_statuses(doc), {"bill": "Sent", "accrual_reversal": "Sent", "revaluation": "Not Needed"}
		)
		self.assert_balances(inventory=60, payable=-60)

	def test_what_goes_back_is_credited_and_its_variance_posted(self) -> None:
		receiver = self.receive()
		doc = make_vendor_return(receiver.name)
		doc.lines[0].update({"quantity": 0.5, "unit_cost": 28})
		self.send(doc.insert().submit())
		self.assertEqual(self.list_roles(doc), ["vendor_credit", "variance"])
		self.assert_balances(inventory=45, payable=-46, variance=1)
		self.assert_worth()

	def test_what_a_back_dated_receiver_changes_of_a_return_is_listed(self) -> None:
		self.receive(1, posting_date="2026-01-05")
		doc = frappe.get_doc(
			{
				"doctype": "AO Vendor Return",
				"vendor": self.vendor,
				"location": self.location,
				"posting_date": "2026-01-20",
				"lines": [{"item": self.item.name, "quantity": 6, "unit_cost": 2.5}],
			}
		).insert()
		self.send(doc.submit())
		self.assertEqual(list_differences(), [])
		line = {"item": self.item.name, "quantity": 12, "unit_cost": 4}
		self.send(
			make_receiver(
				vendor=self.vendor,
				lines=[line],
				location=self.location,
				posting_date="2026-01-02",
				vendor_invoice_number="Z",
			)
		)
		recost_item(self.item.name)
		frappe.db.commit()
		(found,) = list_differences()
		self.assertEqual(
			(found.name, found.posted, found.current, found.account), (doc.name, -15, -24, VARIANCE)
		)

	def test_an_account_that_is_missing_is_named(self) -> None:
		settings = frappe.get_doc("QuickBooks Settings")
		settings.landed_cost_clearing_account = None
		settings.save()
		receiver = self.receive(landed_costs=[FREIGHT])
		receiver.reload()
		self.assertEqual(receiver.quickbooks_status, "Needs Attention")
		self.assertIn("Landed Cost Clearing", receiver.quickbooks_reason)


class TestQuickBooksCountsToo(PurchaseBooksTestCase):
	def setUp(self) -> None:
		super().setUp()
		self.choose_mode(COUNTED)

	def test_goods_come_in_with_their_freight_and_the_vendor_is_owed_his_own_total(self) -> None:
		receiver = self.receive(landed_costs=[FREIGHT])
		self.assertEqual(self.list_roles(receiver), ["bill"])
		self.assertEqual(self.get_quantity(self.item), 24)
		self.assert_balances(inventory=72, payable=-60, clearing=-12)
		self.assert_worth()

	def test_actual_freight_stands_beside_what_quickbooks_values(self) -> None:
		receiver = self.receive(landed_costs=[FREIGHT])
		self.ship(self.item, 12)
		self.bill(receiver, amount=15)
		self.assert_balances(inventory=36, payable=-75, cogs=37.5, difference=1.5)

	def test_what_goes_back_leaves_there_too(self) -> None:
		receiver = self.receive()
		doc = make_vendor_return(receiver.name)
		doc.lines[0].quantity = 0.5
		self.send(doc.insert().submit())
		self.assertEqual(self.list_roles(doc), ["vendor_credit"])
		self.assertEqual(self.get_quantity(self.item), 18)
		self.assert_balances(inventory=45, payable=-45)

	def test_received_now_is_a_provisional_bill(self) -> None:
		self.receive(billing="Bill Later")
		bill = self.company.query("SELECT * FROM Bill")[0]
		self.assertNotIn("DocNumber", bill)
		self.assertIn("Received, not billed yet.", bill["PrivateNote"])
		self.assert_balances(inventory=60, payable=-60)


class TestWithoutAMode(PurchaseBooksTestCase):
	def test_the_bill_is_all(self) -> None:
		receiver = self.receive(landed_costs=[FREIGHT])
		self.assertEqual(self.list_roles(receiver), ["bill"])
		self.assertEqual(self.company.get_balance(PAYABLE), -60)
		self.assertEqual(self.list_roles(self.receive(billing="Bill Later")), [])
