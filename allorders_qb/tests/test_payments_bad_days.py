"""Silence, refusals and other people in QuickBooks while a payment is applied: it is applied once, or somebody is asked."""

from unittest.mock import patch

import frappe

from allorders_qb.api import queue as queue_api
from allorders_qb.api import send_all as send_all_api
from allorders_qb.sync import rows
from allorders_qb.sync.connection import SETTINGS
from allorders_qb.sync.payments import applying
from allorders_qb.sync.resending import RESENDS
from allorders_qb.sync.worker import drain
from allorders_qb.tests.emulated import let_time_pass, read_preferences_again, work
from allorders_qb.tests.test_payments import PAYMENT, UNDEPOSITED, PaymentTestCase
from allorders_qb.tests.test_sync_posting import RECEIVABLES
from allorders_qb.tests.utils import as_user, make_customer, make_item, make_payment, make_sales_order

UPDATE = {"entity": "Payment", "operation": "update"}


class TestBadDays(PaymentTestCase):
	def setUp(self):
		super().setUp()
		self.deposit_order = self.order()
		self.payment = self.pay(100, o=(self.deposit_order.name, 100))

	def assert_applied_once(self, ship_doc) -> None:
		self.assertEqual(self.get_applied(), {ship_doc.name: 100})
		self.assertEqual(self.get_balances(), {ship_doc.name: 0})
		self.assertEqual(self.company.get_balance(RECEIVABLES), 0)
		self.assertEqual(self.company.get_balance(UNDEPOSITED), 100)
		self.assert_sums(self.payment, 100, 0)
		self.assertEqual(self.payment.quickbooks_status, "Sent")

	def ship_with_fault(self, **fault):
		self.company.queue_fault(match=UPDATE, times=1, **fault)
		ship_doc = self.ship(self.deposit_order, send=False)
		drain(10)
		return ship_doc

	def ship_with_empty_answer(self):
		"""QuickBooks says yes, and gives the payment back as it was."""
		body = {"Payment": self.get_payments()[0], "time": "2026-11-24T00:00:00-08:00"}
		return self.ship_with_fault(status=200, body=body)

	def as_user(self, operation: str, entity: str, **body) -> None:
		self.company.control(
			"POST",
			f"{self.company.realm_id}/as_user",
			{"entity": entity, "operation": operation, "body": body},
		)

	def test_the_answer_is_lost(self):
		for mode in ("honoured", "ignored", "forgotten"):
			with self.subTest(requestid=mode):
				self.setUp()
				self.company.set_knobs(requestid=mode)
				ship_doc = self.ship_with_fault(drop="after_commit")
				self.payment.reload()
				self.assertEqual(self.payment.quickbooks_status, rows.UNKNOWN)
				self.assertIn("whether it is applied to", self.get_sentence(self.payment))
				let_time_pass(700)
				work()
				self.assert_applied_once(ship_doc)
				self.assertEqual(len(self.company.get_requests(**UPDATE)), 1)

	def test_the_request_is_lost(self):
		ship_doc = self.ship_with_fault(drop="before_commit")
		let_time_pass(700)
		work()
		self.assert_applied_once(ship_doc)
		ids = {entry.get("requestid") for entry in self.company.get_requests(**UPDATE)}
		self.assertEqual(len(ids), 1)

	def test_after_many_silent_sendings_a_person_decides(self):
		self.company.queue_fault(match=UPDATE, times=RESENDS + 1, drop="before_commit")
		ship_doc = self.ship(self.deposit_order, send=False)
		work(rounds=RESENDS + 4)
		self.payment.reload()
		self.assertEqual(self.payment.quickbooks_status, rows.ATTENTION)
		self.assertIn(
			f"was sent {RESENDS + 1} times without a clear answer, and the payment in QuickBooks is still as it was",
			self.get_sentence(self.payment),
		)
		self.assertEqual(self.get_applied(), {})
		queue_api.retry(self.get_open_row(self.payment).name)
		work()
		self.assert_applied_once(ship_doc)

	def test_the_request_is_lost_and_the_payment_has_changed_since(self):
		ship_doc = self.ship_with_fault(drop="before_commit")
		remote = self.get_payments()[0]
		self.as_user("touch", "Payment", Id=remote["Id"])
		let_time_pass(700)
		work()
		self.assert_applied_once(ship_doc)

	def test_somebody_saves_the_payment_between_reading_and_writing(self):
		ship_doc = self.ship_with_fault(race=True)
		work()
		self.assert_applied_once(ship_doc)

	def test_somebody_applies_part_of_it_between_reading_and_writing(self):
		other = self.ship(amount=30)
		build, edits = applying.build_application, []

		def build_late(payment, *arguments):
			update = build(payment, *arguments)
			if not edits:
				invoice = self.company.query(f"SELECT * FROM Invoice WHERE DocNumber = '{other.name}'")[0]
				line = {"Amount": 30, "LinkedTxn": [{"TxnId": invoice["Id"], "TxnType": "Invoice"}]}
				edits.append(
					self.company.post(
						"Payment", {**payment, "TotalAmt": 100, "UnappliedAmt": 100, "Line": [line]}
					)
				)
			return update

		with patch.object(applying, "build_application", build_late):
			ship_doc = self.ship(self.deposit_order)
		self.assertEqual(self.get_applied(), {other.name: 30, ship_doc.name: 70})
		self.payment.reload()
		self.assertEqual(self.payment.quickbooks_status, "Needs Attention")
		self.assertIn(f"30.00 to Invoice {other.name}", self.get_sentence(self.payment))

	def test_an_answer_that_changed_nothing_is_not_believed(self):
		ship_doc = self.ship_with_empty_answer()
		work()
		self.payment.reload()
		self.assertEqual(self.payment.quickbooks_status, "Needs Attention")
		self.assertIn("does not settle", self.get_sentence(self.payment))
		queue_api.retry(self.get_open_row(self.payment).name)
		frappe.db.commit()
		work()
		self.assert_applied_once(ship_doc)

	def test_an_answer_without_a_payment_is_no_answer(self):
		ship_doc = self.ship_with_fault(no_op=True)
		let_time_pass(700)
		work()
		self.assert_applied_once(ship_doc)

	def test_a_payment_that_is_gone_is_said(self):
		remote = self.get_payments()[0]
		self.as_user("delete", "Payment", Id=remote["Id"], SyncToken=remote["SyncToken"])
		self.ship(self.deposit_order)
		self.payment.reload()
		self.assertEqual(self.payment.quickbooks_status, "Needs Attention")
		self.assertIn("is not in QuickBooks any more", self.get_sentence(self.payment))
		self.assertEqual(self.company.get_balance(RECEIVABLES), 100)

	def test_what_is_taken_off_its_invoice_in_quickbooks_is_said(self):
		ship_doc = self.ship(self.deposit_order)
		self.synchronize()
		self.payment.reload()
		self.assertEqual(self.payment.quickbooks_status, "Sent")
		self.company.post("Payment", {**self.get_payments()[0], "Line": []})
		self.synchronize()
		self.payment.reload()
		self.assertEqual(self.payment.quickbooks_status, "Edited in QuickBooks")
		self.assertIn(
			f"100.00 do not settle Invoice {ship_doc.name} any more", self.get_sentence(self.payment)
		)

	def test_a_voided_payment_settles_nothing(self):
		remote = self.get_payments()[0]
		self.as_user("void", "Payment", Id=remote["Id"], SyncToken=remote["SyncToken"], sparse=True)
		self.ship(self.deposit_order)
		self.assert_sums(self.payment, 0, 100)
		self.assertEqual(self.company.get_balance(RECEIVABLES), 100)

	def test_an_application_is_neither_linked_nor_sent_anew_by_hand(self):
		self.ship_with_empty_answer()
		work()
		row = self.get_open_row(self.payment)
		with self.assertRaises(frappe.ValidationError):
			queue_api.link_existing(row.name, "1")
		with self.assertRaises(frappe.ValidationError):
			queue_api.send_all_the_same(row.name)

	def test_who_may_not_decide_moves_nothing(self):
		self.ship_with_empty_answer()
		work()
		row = self.get_open_row(self.payment)
		with as_user("AO User"):
			for decide in (queue_api.move_payment, queue_api.leave_payment):
				with self.assertRaises(frappe.PermissionError):
					decide(row.name)


class TestSendAllPayments(PaymentTestCase):
	def setUp(self):
		super().setUp()
		frappe.db.set_value(PAYMENT, {"docstatus": 1}, "quickbooks_status", "Sent", update_modified=False)
		self.set_rule("By Button")

	def tearDown(self):
		self.set_switch(0)
		self.set_rule("On Submit")
		frappe.db.commit()
		super().tearDown()

	def set_switch(self, on: int) -> None:
		frappe.db.set_single_value(SETTINGS, "send_all_payments", on)
		frappe.clear_document_cache(SETTINGS, SETTINGS)
		frappe.db.commit()

	def test_payments_have_a_switch_of_their_own_and_a_preview(self):
		payment = self.pay(100, send=False)
		shown = {row["name"]: row for row in send_all_api.preview()["rows"]}[payment.name]
		self.assertEqual((shown["group"], shown["amount"], shown["goes"]), ("payments", 100, True))
		self.assertFalse(send_all_api.preview()["switches"]["payments"])
		self.synchronize()
		self.assertEqual(self.get_payments(), [])
		self.set_switch(1)
		self.synchronize()
		self.assertEqual([float(remote["TotalAmt"]) for remote in self.get_payments()], [100])


class TestForeignPayments(PaymentTestCase):
	def test_a_payment_in_another_currency_realises_the_difference(self):
		preferences = {"CurrencyPrefs": {"MultiCurrencyEnabled": True}}
		self.company.control("PATCH", f"{self.company.realm_id}/preferences", preferences)
		read_preferences_again()
		self.customer = make_customer(currency="EUR")
		line = {"item": make_item().name, "quantity": 1, "unit_price": 100}
		order = make_sales_order(self.customer, lines=[line], exchange_rate=1.1)
		payment = make_payment(
			self.customer, 100, [{"sales_order": order.name, "amount": 100}], exchange_rate=1.2, submit=True
		)
		frappe.db.commit()
		work()
		remote = self.get_payments()[0]
		self.assertEqual((remote["CurrencyRef"]["value"], float(remote["ExchangeRate"])), ("EUR", 1.2))
		ship_doc = self.ship(order)
		self.assertEqual(self.get_applied(), {ship_doc.name: 100})
		self.assertEqual(self.company.get_balance(UNDEPOSITED), 120)
		self.assertEqual(self.company.get_balance("Exchange Gain or Loss"), -10)
		self.assert_sums(payment, 100, 0)
