"""Tax in the books of the British company: ours or QuickBooks', with prices that hold it, by hand; of sales and of purchases."""

import frappe
from frappe.model.document import Document

from allorders_qb.allorders_qb.doctype.ao_receiver.ao_receiver import make_vendor_bill, make_vendor_return
from allorders_qb.allorders_qb.doctype.ao_ship_doc.ao_ship_doc import make_customer_return
from allorders_qb.sync.worker import drain
from allorders_qb.tests.british import (
	BLOCKED,
	REDUCED,
	REVERSE,
	STANDARD,
	ZERO_RATED,
	BritishTestCase,
)
from allorders_qb.tests.utils import (
	make_item,
	make_opening_stock,
	make_receiver,
	make_sales_order,
	make_ship_doc,
	make_vendor,
	read_message,
)

OURS, BY_HAND, WITH_TAX = "All Orders", "By Hand", "With Tax"


class TestSalesTax(BritishTestCase):
	def setUp(self) -> None:
		super().setUp()
		self.service = make_item(item_type="Service", tax_code=STANDARD, unit_price=10)

	def sell(self, *lines: dict, **values) -> Document:
		"""A ship doc of services, submitted and sent."""
		rows = [{"item": self.service.name, "quantity": 1, **line} for line in lines]
		ship_doc = make_ship_doc(
			customer=self.customer, lines=rows, location=self.location, submit=True, **values
		)
		self.send(ship_doc)
		ship_doc.reload()
		return ship_doc

	def test_ours_line_by_line(self) -> None:
		"""Three lines of 10.13 bear 2.03 each, where 20 % of their sum would be 6.08."""
		lines = [{"unit_price": 10.13}] * 3 + [
			{"unit_price": 8, "tax_code": REDUCED},
			{"unit_price": 5, "tax_code": ZERO_RATED},
		]
		ship_doc = self.sell(*lines, tax_computed_by=OURS)
		self.assertEqual((ship_doc.net_total, ship_doc.tax_total, ship_doc.total), (43.39, 6.49, 49.88))
		self.assertEqual(
			[(row.rate, row.net_amount, row.tax_amount) for row in ship_doc.taxes],
			[(20, 30.39, 6.09), (5, 8, 0.4), (0, 5, 0)],
		)
		invoice = self.get_only("Invoice")
		self.assertEqual((invoice["TxnTaxDetail"]["TotalTax"], invoice["TotalAmt"]), (6.49, 49.88))
		self.assertEqual(
			(ship_doc.quickbooks_status, ship_doc.quickbooks_tax, ship_doc.quickbooks_total),
			("Sent", 6.49, 49.88),
		)
		self.assert_changes(receivable=49.88, vat=-6.49, income=-43.39)

	def test_quickbooks_own(self) -> None:
		ship_doc = self.sell(*[{"unit_price": 10.13}] * 3)
		self.assertEqual(
			(ship_doc.tax_computed_by, ship_doc.tax_total, ship_doc.total), ("QuickBooks", 0, 30.39)
		)
		self.assertEqual(
			(ship_doc.quickbooks_status, ship_doc.quickbooks_tax, ship_doc.quickbooks_total),
			("Sent", 6.08, 36.47),
		)
		self.assert_changes(receivable=36.47, vat=-6.08, income=-30.39)

	def test_the_setting_decides_for_new_documents(self) -> None:
		self.set_up_settings(tax_computed_by=OURS, sales_prices_are=WITH_TAX)
		order = make_sales_order(
			customer=self.customer, lines=[{"item": self.service.name, "quantity": 2, "unit_price": 12}]
		)
		self.assertEqual(
			(order.prices_are, order.net_total, order.tax_total, order.total), (WITH_TAX, 20, 4, 24)
		)
		ship_doc = make_ship_doc(order, location=self.location, submit=True)
		self.send(ship_doc)
		self.assertEqual(
			(ship_doc.prices_are, ship_doc.tax_computed_by, ship_doc.total), (WITH_TAX, OURS, 24)
		)
		self.assert_changes(receivable=24, vat=-4, income=-20)

	def test_prices_with_tax(self) -> None:
		"""9.99 and 0.99 at 20 %, 3.33 at 5 %: income is what is left of them, freight included."""
		ship_doc = self.sell(
			{"unit_price": 9.99},
			{"unit_price": 0.99},
			{"unit_price": 3.33, "quantity": 3},
			prices_are=WITH_TAX,
			tax_computed_by=OURS,
			freight=4,
		)
		self.assertEqual([row.net_amount for row in ship_doc.lines], [8.32, 0.82, 8.32])
		self.assertEqual((ship_doc.net_total, ship_doc.tax_total, ship_doc.total), (20.79, 4.18, 24.97))
		invoice = self.get_only("Invoice")
		self.assertEqual(
			(invoice["GlobalTaxCalculation"], invoice["TxnTaxDetail"]["TotalTax"], invoice["TotalAmt"]),
			("TaxInclusive", 4.18, 24.97),
		)
		self.assertEqual(ship_doc.quickbooks_status, "Sent")
		self.assertEqual(self.get_change("VAT Control"), -4.18)

	def test_prices_with_tax_that_quickbooks_computes(self) -> None:
		ship_doc = self.sell({"unit_price": 9.99}, {"unit_price": 0.99}, prices_are=WITH_TAX)
		self.assertEqual(
			(ship_doc.quickbooks_status, ship_doc.quickbooks_total, ship_doc.total), ("Sent", 10.98, 10.98)
		)
		self.assert_changes(receivable=10.98, vat=-1.83, income=-9.15)

	def test_a_person_enters_the_tax(self) -> None:
		ship_doc = self.sell(
			{"unit_price": 100},
			{"unit_price": 50, "tax_code": REDUCED},
			tax_computed_by=BY_HAND,
			tax_total=22,
		)
		self.assertEqual(
			(ship_doc.tax_total, ship_doc.total, ship_doc.quickbooks_tax, ship_doc.quickbooks_status),
			(22, 172, 22, "Sent"),
		)
		self.assertEqual([row.tax_amount for row in ship_doc.taxes], [19.56, 2.44])
		self.assert_changes(receivable=172, vat=-22, income=-150)

	def test_a_tax_that_is_not_ours_any_more_differs(self) -> None:
		"""The answer is lost, and a bookkeeper changes the tax before the invoice is found."""
		self.company.queue_fault(match={"entity": "Invoice", "method": "POST"}, drop="after_commit")
		ship_doc = make_ship_doc(
			customer=self.customer,
			lines=[{"item": self.service.name, "quantity": 1, "unit_price": 100}],
			location=self.location,
			tax_computed_by=OURS,
			submit=True,
		)
		frappe.db.commit()
		drain(60)
		frappe.db.commit()
		invoice = self.get_only("Invoice")
		tax_line = invoice["TxnTaxDetail"]["TaxLine"][0]
		changed = {
			"Id": invoice["Id"],
			"Line": [line for line in invoice["Line"] if line["DetailType"] != "SubTotalLineDetail"],
			"GlobalTaxCalculation": "TaxExcluded",
			"TxnTaxDetail": {"TaxLine": [{**tax_line, "Amount": 19.99}]},
		}
		self.company.write_as_user("Invoice", "update", changed)
		self.send(ship_doc)
		ship_doc.reload()
		self.assertEqual(ship_doc.quickbooks_status, "Sent – Differs")
		self.assertIn(
			"QuickBooks has 19.99 of tax, ours is 20.00 (difference -0.01)", ship_doc.quickbooks_reason
		)

	def test_what_comes_back_brings_its_tax_back(self) -> None:
		for values, entity in (
			({}, "CreditMemo"),
			({"refunded_at_once": 1, "payment_account": "Current Account"}, "RefundReceipt"),
		):
			with self.subTest(entity):
				ship_doc = self.sell(
					{"unit_price": 10.13, "quantity": 3}, prices_are=WITH_TAX, tax_computed_by=OURS
				)
				customer_return = make_customer_return(ship_doc.name)
				customer_return.update({"tax_computed_by": OURS, **values})
				customer_return.insert().submit()
				self.send(customer_return)
				customer_return.reload()
				self.assertEqual(
					(customer_return.prices_are, customer_return.total, customer_return.quickbooks_status),
					(WITH_TAX, 30.39, "Sent"),
				)
				self.assertEqual(self.get_only(entity)["TotalAmt"], 30.39)
				self.assertEqual(self.get_change("VAT Control"), 0)

	def test_a_sale_that_is_paid_at_once(self) -> None:
		self.sell({"unit_price": 12}, prices_are=WITH_TAX, tax_computed_by=OURS, paid_at_sale=1)
		self.assertEqual(self.get_only("SalesReceipt")["TotalAmt"], 12)
		self.assert_changes(vat=-2, income=-10)

	def test_a_tax_that_is_entered_needs_a_rate(self) -> None:
		"""While a draft can be mended, not when QuickBooks is to have it."""
		bare = make_item(item_type="Service", unit_price=10)
		for prices_are, sentence in (
			(WITH_TAX, "so the tax in the prices cannot be told. Choose one, or Before Tax."),
			("Before Tax", "by which alone QuickBooks records a tax outside the US. Choose one."),
		):
			with self.subTest(prices_are), self.assertRaises(frappe.ValidationError) as caught:
				make_ship_doc(
					customer=self.customer,
					lines=[{"item": bare.name, "quantity": 1, "unit_price": 120}],
					prices_are=prices_are,
					tax_computed_by=BY_HAND,
					tax_total=20,
				)
			self.assertIn(f"No line has a tax code with a rate, {sentence}", read_message(caught))

	def test_freight_of_no_clear_code_is_refused(self) -> None:
		with self.assertRaises(frappe.ValidationError) as caught:
			self.sell(
				{"unit_price": 1}, {"unit_price": 1, "tax_code": REDUCED}, tax_computed_by=OURS, freight=3
			)
		self.assertIn("Give the Freight Item in AO Settings a tax code", read_message(caught))


class TestRatesThatAreNotHere(BritishTestCase):
	"""After an update the lists have tax codes, and their rates only when they are read again."""

	def forget(self, doctype: str, name: str, **values) -> None:
		former = frappe.db.get_value(doctype, name, list(values), as_dict=True)
		frappe.db.set_value(doctype, name, values)
		self.addCleanup(frappe.db.set_value, doctype, name, dict(former))

	def assert_refused(self, make, *arguments, row: str = "Row 1", **values) -> None:
		with self.assertRaises(frappe.ValidationError) as caught:
			make(*arguments, **values)
		self.assertIn(
			f"{row}: the rates of {STANDARD} are not here yet. Refresh the lists in QuickBooks Settings.",
			read_message(caught),
		)

	def sell(self, **values) -> Document:
		lines = [{"item": self.item.name, "quantity": 1, "unit_price": 100}]
		return make_ship_doc(customer=self.customer, lines=lines, location=self.location, **values)

	def receive(self, **values) -> Document:
		lines = [{"item": self.item.name, "quantity": 1, "unit_cost": 6}]
		return make_receiver(vendor=self.vendor, lines=lines, location=self.location, submit=False, **values)

	def test_codes_whose_rates_were_never_read(self) -> None:
		self.forget("QuickBooks Tax Code", STANDARD, sales_rates=None, purchase_rates=None)
		self.assert_refused(self.sell, tax_computed_by=OURS)
		self.assert_refused(self.sell, tax_computed_by=OURS, freight=3, row="Freight")
		self.assert_refused(self.sell, prices_are=WITH_TAX)
		self.assert_refused(self.receive, tax_computed_by=BY_HAND, tax_total=1)
		self.assert_refused(self.receive, prices_are=WITH_TAX)
		self.assertEqual((self.sell().tax_total, self.receive().tax_total), (0, 0))

	def test_one_of_two_rates_is_missing(self) -> None:
		rates = frappe.db.get_value("QuickBooks Tax Code", STANDARD, "sales_rates")
		self.forget("QuickBooks Tax Code", STANDARD, sales_rates=f"{rates}, 999")
		self.assert_refused(self.sell, tax_computed_by=OURS)
		self.assertEqual(self.receive(tax_computed_by=OURS).tax_total, 1.2)

	def test_tax_that_is_part_of_the_cost(self) -> None:
		self.forget(
			"QuickBooks Tax Code", STANDARD, sales_rates=None, purchase_rates=None, purchase_tax_in_cost=1
		)
		self.assert_refused(self.receive)


class TestPurchaseTax(BritishTestCase):
	def receive(self, *lines: dict, **values) -> Document:
		rows = [{"item": self.item.name, "quantity": 10, "unit_cost": 6, **line} for line in lines or ({},)]
		values = {"vendor_invoice_number": frappe.generate_hash(length=8), **values}
		receiver = make_receiver(vendor=self.vendor, lines=rows, location=self.location, **values)
		self.send(receiver)
		receiver.reload()
		return receiver

	def assert_sent(self, doc: Document) -> None:
		doc.reload()
		self.assertEqual(
			(doc.quickbooks_status, doc.quickbooks_reason or ""), ("Sent", doc.quickbooks_reason or "")
		)
		self.assertEqual((doc.quickbooks_tax, doc.quickbooks_total), (doc.tax_total, doc.total))

	def test_recoverable_tax_is_no_part_of_the_cost(self) -> None:
		receiver = self.receive(tax_computed_by=OURS)
		self.assertEqual(
			(receiver.net_total, receiver.tax_total, receiver.total, receiver.total_cost), (60, 12, 72, 60)
		)
		self.assert_sent(receiver)
		self.assert_changes(stock=60, vat=12, payable=-72)
		self.assert_worth()

	def test_quickbooks_own_is_no_part_of_the_cost_either(self) -> None:
		receiver = self.receive()
		self.assertEqual(
			(receiver.tax_total, receiver.quickbooks_tax, receiver.quickbooks_status), (0, 12, "Sent")
		)
		self.assert_changes(stock=60, vat=12, payable=-72)
		self.assert_worth()

	def test_the_vendors_own_tax_is_entered(self) -> None:
		receiver = self.receive(tax_total=11.98)
		self.assertEqual(receiver.tax_computed_by, BY_HAND)
		self.assert_sent(receiver)
		self.assert_changes(stock=60, vat=11.98, payable=-71.98)

	def test_a_tax_from_before_documents_said_of_which_rates_it_is(self) -> None:
		receiver = make_receiver(
			vendor=self.vendor,
			lines=[{"item": self.item.name, "quantity": 10, "unit_cost": 6}],
			location=self.location,
			vendor_invoice_number="V-OLD",
			tax_total=11.98,
		)
		frappe.db.set_value("AO Receiver", receiver.name, {"tax_computed_by": None, "prices_are": None})
		frappe.db.delete(receiver.meta.get_field("taxes").options, {"parent": receiver.name})
		self.send(receiver)
		self.assert_sent(receiver)
		self.assert_changes(stock=60, vat=11.98, payable=-71.98)

	def test_costs_with_tax_are_valued_net(self) -> None:
		receiver = self.receive(prices_are=WITH_TAX)
		self.assertEqual((receiver.tax_computed_by, receiver.total, receiver.total_cost), (OURS, 60, 50))
		self.assertEqual(self.get_only("Bill")["GlobalTaxCalculation"], "TaxInclusive")
		self.assert_sent(receiver)
		self.assert_changes(stock=50, vat=10, payable=-60)
		self.assert_worth()

	def test_costs_with_tax_whose_cents_could_be_doubted(self) -> None:
		"""Whichever way QuickBooks shares cents among lines, stock is worth what our valuation says of each item."""
		others = [make_item(purchase_cost=1, tax_code=STANDARD) for _number in range(3)]
		small = [{"item": item.name, "quantity": 1, "unit_cost": 0.03} for item in others]
		receiver = self.receive(*small, {"quantity": 1, "unit_cost": 10}, prices_are=WITH_TAX)
		self.assertEqual(self.get_only("Bill")["GlobalTaxCalculation"], "TaxExcluded")
		self.assert_sent(receiver)
		self.assert_changes(stock=8.39, vat=1.7, payable=-10.09)
		self.assert_worth(self.item, *others)

	def test_tax_that_cannot_be_reclaimed_is_part_of_the_cost(self) -> None:
		frappe.db.set_value("QuickBooks Tax Code", BLOCKED, "purchase_tax_in_cost", 1)
		self.addCleanup(frappe.db.set_value, "QuickBooks Tax Code", BLOCKED, "purchase_tax_in_cost", 0)
		frappe.db.commit()
		receiver = self.receive({"tax_code": BLOCKED})
		self.assertEqual((receiver.tax_computed_by, receiver.total, receiver.total_cost), (OURS, 72, 72))
		self.assertEqual(receiver.lines[0].tax_amount, 12)
		self.assert_sent(receiver)
		self.assert_changes(stock=72, payable=-72)
		self.assert_worth()
		vendor_return = make_vendor_return(receiver.name)
		vendor_return.lines[0].quantity = 4
		vendor_return.insert().submit()
		self.send(vendor_return)
		self.assertEqual(vendor_return.variance, 0)
		self.assert_changes(stock=43.2, payable=-43.2)
		self.assert_worth()

	def test_reverse_charge_comes_to_nothing(self) -> None:
		receiver = self.receive({"tax_code": REVERSE}, tax_computed_by=OURS)
		self.assertEqual([(row.rate, row.tax_amount) for row in receiver.taxes], [(20, 12), (-20, -12)])
		self.assert_sent(receiver)
		self.assert_changes(stock=60, payable=-60)

	def test_goods_go_back_with_their_tax(self) -> None:
		receiver = self.receive(prices_are=WITH_TAX)
		vendor_return = make_vendor_return(receiver.name)
		vendor_return.insert().submit()
		self.send(vendor_return)
		self.assert_sent(vendor_return)
		self.assertEqual(
			(vendor_return.prices_are, vendor_return.total, vendor_return.variance), (WITH_TAX, 60, 0)
		)
		self.assert_changes()

	def test_billed_later_with_its_tax_and_the_carriers(self) -> None:
		"""The vendor's bill brings tax, and the carrier's bill its own; what goods and freight are worth is net."""
		carrier = make_vendor(currency="GBP").name
		landed = {"description": "Freight", "amount": 10, "vendor": carrier}
		receiver = self.receive(prices_are=WITH_TAX, billing="Bill Later", landed_costs=[landed])
		self.assert_changes(stock=60, not_billed=-50, clearing=-10)
		bill = make_vendor_bill(receiver.name)
		bill.update({"vendor": self.vendor, "landed_costs": []})
		bill.vendor_invoice_number = "V-1"
		bill.insert().submit()
		self.send(bill)
		self.assert_sent(bill)
		self.assert_changes(stock=60, vat=10, payable=-60, clearing=-10)
		freight = make_vendor_bill(
			receiver.name, frappe.get_doc({"doctype": "AO Vendor Bill", "vendor": carrier, "currency": "GBP"})
		)
		freight.update({"vendor_invoice_number": "C-1", "prices_are": WITH_TAX, "tax_computed_by": OURS})
		freight.landed_costs[0].update({"amount": 14.4, "tax_code": STANDARD})
		freight.insert().submit()
		self.send(freight)
		self.assert_sent(freight)
		self.assertEqual(
			(freight.total, freight.tax_total, freight.landed_costs[0].home_amount), (14.4, 2.4, 12)
		)
		self.assert_changes(stock=62, vat=12.4, payable=-74.4)
		self.assert_worth()

	def test_tax_in_the_lines_and_in_their_code_is_refused(self) -> None:
		with self.assertRaises(frappe.ValidationError) as caught:
			self.receive(tax_total=12, tax_in_cost=1)
		self.assertIn("mark the tax code", read_message(caught))

	def test_what_is_shipped_costs_net(self) -> None:
		self.receive(prices_are=WITH_TAX)
		ship_doc = make_ship_doc(
			customer=self.customer,
			lines=[{"item": self.item.name, "quantity": 4, "unit_price": 12}],
			location=self.location,
			prices_are=WITH_TAX,
			tax_computed_by=OURS,
			submit=True,
		)
		self.send(ship_doc)
		self.assert_changes(stock=30, cost=20, vat=2, payable=-60, receivable=48, income=-40)


class TestOpeningStock(BritishTestCase):
	def test_it_knows_no_tax(self) -> None:
		make_opening_stock(
			[{"item": self.item.name, "location": self.location, "quantity": 1, "unit_cost": 5}]
		)
		self.assertEqual(frappe.db.get_value("AO Item Stock", {"item": self.item.name}, "value"), 5)
