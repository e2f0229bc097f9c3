"""Documents from before they had a tax of their own, and payments from before home money, after the patch."""

import frappe

from allorders_qb.patches import total_before_tax
from allorders_qb.tests.utils import (
	IntegrationTestCase,
	make_customer,
	make_payment,
	make_receiver,
	make_ship_doc,
)


class TestTotalBeforeTax(IntegrationTestCase):
	def test_old_documents_are_before_tax(self) -> None:
		for doc in (make_ship_doc(), make_receiver()):
			for old in (None, ""):
				frappe.db.set_value(doc.doctype, doc.name, "prices_are", old)
				total_before_tax.execute()
				self.assertEqual(frappe.db.get_value(doc.doctype, doc.name, "prices_are"), "Before Tax")

	def test_what_is_with_tax_stays_so(self) -> None:
		ship_doc = make_ship_doc(prices_are="With Tax")
		total_before_tax.execute()
		self.assertEqual(frappe.db.get_value("AO Ship Doc", ship_doc.name, "prices_are"), "With Tax")

	def test_old_payments_have_their_amount_in_home_money(self) -> None:
		payment = make_payment(make_customer(currency="EUR"), 10.05, exchange_rate=0.5)
		frappe.db.set_value("AO Payment", payment.name, "home_amount", 0)
		total_before_tax.execute()
		self.assertEqual(frappe.db.get_value("AO Payment", payment.name, "home_amount"), 5.03)
