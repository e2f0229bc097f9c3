"""Payments in QuickBooks: unapplied first, then on the invoice they are for. The emulated company's books are the witness."""

import frappe

from allorders_qb.api import documents
from allorders_qb.api import queue as queue_api
from allorders_qb.patches import plan_due_payments
from allorders_qb.sync import rows
from allorders_qb.sync.connection import SETTINGS
from allorders_qb.sync.payments import planning, records
from allorders_qb.sync.runs import engine, run_rows
from allorders_qb.sync.runs.start import start_run
from allorders_qb.tests.emulated import read_preferences_again, work
from allorders_qb.tests.test_runs_engine import forget_runs
from allorders_qb.tests.test_sync_posting import RECEIVABLES, PostingTestCase
from allorders_qb.tests.utils import make_customer, make_item, make_payment, make_sales_order, make_ship_doc

PAYMENT = "AO Payment"
UNDEPOSITED = "Undeposited Funds"
FILLING = 300


class PaymentTestCase(PostingTestCase):
	def setUp(self):
		super().setUp()
		self.customer = make_customer()
		frappe.db.commit()

	def tearDown(self):
		self.set_move(0)
		super().tearDown()

	def set_move(self, on: int) -> None:
		frappe.db.set_single_value(SETTINGS, "move_applied_payments", on)
		frappe.clear_document_cache(SETTINGS, SETTINGS)
		frappe.db.commit()

	def auto_apply(self, on: bool = True) -> None:
		preferences = {"SalesFormsPrefs": {"AutoApplyPayments": on}}
		self.company.control("PATCH", f"{self.company.realm_id}/preferences", preferences)
		read_preferences_again()

	def order(self, amount=100, **values):
		line = {"item": make_item(unit_price=amount).name, "quantity": 1}
		return make_sales_order(self.customer, lines=[line], **values)

	def ship(self, order=None, amount=100, send=True, **values):
		line = {"item": make_item(unit_price=amount).name, "quantity": 1}
		lines = {} if order else {"lines": [line]}
		doc = make_ship_doc(order, customer=self.customer, submit=True, **lines, **values)
		frappe.db.commit()
		if send:
			work()
		return doc

	def pay(self, amount, send=True, **purposes):
		"""Receive money; ``purposes`` are names of orders (o…) or ship docs (s…) and their amounts, as tuples."""
		lines = [
			{"sales_order" if key.startswith("o") else "ship_doc": name, "amount": share}
			for key, (name, share) in purposes.items()
		]
		doc = make_payment(self.customer, amount, lines, submit=True)
		frappe.db.commit()
		if send:
			work()
		return doc

	def synchronize(self) -> None:
		forget_runs()
		start_run(run_rows.SINCE_LAST, trigger="Button")
		frappe.db.commit()
		engine.carry_out_runs()
		frappe.db.rollback()

	def get_payments(self) -> list[dict]:
		return self.company.query("SELECT * FROM Payment ORDER BY Id")

	def get_applied(self, payment=None) -> dict[str, float]:
		"""What of the (only) payment settles which invoice, by number, as QuickBooks has it."""
		found = [
			remote
			for remote in self.get_payments()
			if payment is None or payment.name in remote["PrivateNote"]
		]
		self.assertEqual(len(found), 1)
		numbers = {invoice["Id"]: invoice["DocNumber"] for invoice in self.company.get_invoices()}
		return {
			numbers[line["LinkedTxn"][0]["TxnId"]]: float(line["Amount"]) for line in found[0].get("Line", [])
		}

	def get_balances(self) -> dict[str, float]:
		return {invoice["DocNumber"]: float(invoice["Balance"]) for invoice in self.company.get_invoices()}

	def get_sentence(self, doc) -> str:
		return documents.get_quickbooks_state(PAYMENT, doc.name)["sentence"]

	def get_open_row(self, doc):
		return next(row for row in rows.get_rows(PAYMENT, doc.name) if row.status in rows.OPEN_STATUSES)

	def assert_sums(self, doc, applied: float, unapplied: float) -> None:
		doc.reload()
		self.assertEqual((doc.applied_amount, doc.unapplied_amount), (applied, unapplied))


class TestPlanning(PaymentTestCase):
	def list_marked(self) -> list[str]:
		return frappe.get_all(rows.QUEUE, filters={"to_settle": 1}, pluck="name", order_by="creation")

	def count_reads(self) -> int:
		"""Rows that a drain reads in order to find out which payments may be applied."""

		def count() -> int:
			return sum(
				int(number) for _name, number in frappe.db.sql("SHOW SESSION STATUS LIKE 'Handler_read%'")
			)

		before = count()
		planning.plan_left(self.company.realm_id)
		return count() - before

	def fill_queue(self) -> None:
		"""So many rows that reading all of them is dearer than the index, as the database's own figures tell it."""
		done = {
			"reference_doctype": PAYMENT,
			"role": "payment",
			"status": rows.NOT_NEEDED,
			"entity": "Payment",
		}
		rows.insert_rows(
			[rows.make_row(reference_name=f"PM-FILLING-{number}", **done) for number in range(FILLING)]
		)
		frappe.db.commit()
		frappe.db.sql_ddl(f"ANALYZE TABLE `tab{rows.QUEUE}`")

	def test_payments_that_wait_are_not_read(self):
		self.fill_queue()
		before = self.count_reads()
		for _number in range(5):
			self.pay(100, send=False, o=(self.order().name, 100))
		work()
		self.assertEqual(self.list_marked(), [])
		self.assertEqual(self.count_reads(), before)

	def test_what_a_worker_left_is_found_by_the_next(self):
		order = self.order()
		payment = self.pay(100, o=(order.name, 100))
		ship_doc = self.ship(order)
		# As where the worker vanished right after it had recorded the invoice.
		for row in rows.get_rows(PAYMENT, payment.name):
			if row.operation == rows.APPLY:
				rows.delete_rows([row.name])
		frappe.db.delete("AO Payment Application", {"payment": payment.name})
		frappe.db.set_value("AO Payment Line", payment.lines[0].name, "applied_amount", 0)
		frappe.db.commit()
		work()
		self.assertFalse(self.list_applications(payment))
		records.look_again("AO Ship Doc", ship_doc.name)
		self.assertEqual(len(self.list_marked()), 1)
		work()
		self.assertEqual(self.list_applications(payment), [ship_doc.name])
		self.assertEqual(self.list_marked(), [])

	def test_the_patch_leaves_it_to_the_next_drain(self):
		order = self.order()
		payment = self.pay(100, o=(order.name, 100))
		ship_doc = self.ship(order)
		for row in rows.get_rows(PAYMENT, payment.name):
			if row.operation == rows.APPLY:
				rows.delete_rows([row.name])
		frappe.db.delete("AO Payment Application", {"payment": payment.name})
		frappe.db.set_value("AO Payment Line", payment.lines[0].name, "applied_amount", 0)
		frappe.db.commit()
		plan_due_payments.execute()
		frappe.db.commit()
		# It waits for no worker that holds the payment: a migration would end there.
		self.assertEqual(self.list_applications(payment), [])
		marked = [frappe.db.get_value(rows.QUEUE, name, "reference_name") for name in self.list_marked()]
		self.assertEqual(marked, [payment.name])
		work()
		self.assertEqual(self.list_applications(payment), [ship_doc.name])
		self.assertEqual(self.list_marked(), [])

	def test_another_look_that_is_asked_for_meanwhile_is_still_due(self):
		ship_doc = self.ship(self.order())
		(row,) = (row for row in rows.get_rows("AO Ship Doc", ship_doc.name) if row.role == "invoice")
		records.look_again("AO Ship Doc", ship_doc.name)
		# As where a worker has read the row, and looks while a synchronization finds the invoice alive again.
		planning.plan_after(row, self.company.realm_id)
		self.assertEqual(self.list_marked(), [row.name])
		planning.plan_left(self.company.realm_id)
		self.assertEqual(self.list_marked(), [])

	def list_applications(self, payment) -> list[str]:
		return frappe.get_all(
			"AO Payment Application", filters={"payment": payment.name}, pluck="ship_doc", order_by="number"
		)


class TestPayments(PaymentTestCase):
	def test_a_deposit_is_recorded_unapplied_and_settles_its_invoice(self):
		order = self.order()
		payment = self.pay(100, o=(order.name, 100))
		remote = self.get_payments()[0]
		self.assertEqual((float(remote["TotalAmt"]), float(remote["UnappliedAmt"])), (100, 100))
		self.assertEqual(self.company.get_balance(RECEIVABLES), -100)
		self.assertEqual(self.company.get_balance(UNDEPOSITED), 100)
		payment.reload()
		self.assertEqual((payment.quickbooks_status, payment.quickbooks_id), ("Sent", remote["Id"]))
		self.assertIn(f"wait for the next invoice of {order.name}", self.get_sentence(payment))

		ship_doc = self.ship(order)
		self.assertEqual(self.get_applied(), {ship_doc.name: 100})
		self.assertEqual(self.get_balances(), {ship_doc.name: 0})
		self.assertEqual(self.company.get_balance(RECEIVABLES), 0)
		self.assert_sums(payment, 100, 0)
		self.assertIn(f"100.00 settle Invoice {ship_doc.name}", self.get_sentence(payment))
		self.assertEqual(payment.quickbooks_status, "Sent")

	def test_a_deposit_larger_than_the_invoice_waits_with_its_rest(self):
		lines = [{"item": make_item(unit_price=60).name, "quantity": 2}]
		order = make_sales_order(self.customer, lines=lines)
		payment = self.pay(150, o=(order.name, 150))
		first = self.ship(order, quantities={lines[0]["item"]: 1})
		self.assertEqual(self.get_applied(), {first.name: 60})
		sentence = self.get_sentence(payment)
		self.assertIn(f"60.00 settle Invoice {first.name}", sentence)
		self.assertIn(f"90.00 wait for the next invoice of {order.name}", sentence)
		second = self.ship(order)
		self.assertEqual(self.get_applied(), {first.name: 60, second.name: 60})
		self.assert_sums(payment, 120, 30)
		self.assertEqual(self.company.get_balance(RECEIVABLES), -30)

	def test_one_payment_for_several_orders_and_ship_docs(self):
		one, two = self.order(), self.order(50)
		invoiced = self.ship(amount=30)
		payment = self.pay(200, o1=(one.name, 100), o2=(two.name, 50), s=(invoiced.name, 30))
		self.assertEqual(self.get_applied(), {invoiced.name: 30})
		first, second = self.ship(one), self.ship(two)
		self.assertEqual(self.get_applied(), {invoiced.name: 30, first.name: 100, second.name: 50})
		self.assert_sums(payment, 180, 20)
		self.assertIn("20.00 are the customer's credit", self.get_sentence(payment))

	def test_one_invoice_from_several_payments(self):
		order = self.order()
		deposit = self.pay(40, o=(order.name, 40))
		ship_doc = self.ship(order)
		rest = self.pay(60, s=(ship_doc.name, 60))
		self.assertEqual(self.get_applied(deposit), {ship_doc.name: 40})
		self.assertEqual(self.get_applied(rest), {ship_doc.name: 60})
		self.assertEqual(self.get_balances(), {ship_doc.name: 0})

	def test_more_than_the_invoice_is_never_applied(self):
		ship_doc = self.ship()
		first = self.pay(80, s=(ship_doc.name, 80))
		second = self.pay(80, s=(ship_doc.name, 80))
		self.assertEqual(self.get_applied(first), {ship_doc.name: 80})
		self.assertEqual(self.get_applied(second), {ship_doc.name: 20})
		third = self.pay(10, s=(ship_doc.name, 10))
		self.assertEqual(self.get_applied(third), {})
		third.reload()
		self.assertEqual(third.quickbooks_status, "Sent")
		self.assertEqual(self.company.get_balance(RECEIVABLES), -70)

	def test_an_overpayment_stays_a_credit(self):
		ship_doc = self.ship()
		payment = self.pay(130, s=(ship_doc.name, 100))
		self.ship()
		self.assertEqual(self.get_applied(), {ship_doc.name: 100})
		self.assertIn("30.00 are the customer's credit", self.get_sentence(payment))

	def test_payment_invoice_and_application_leave_in_their_order(self):
		order = self.order()
		self.pay(100, send=False, o=(order.name, 100))
		self.ship(order, send=False)
		work()
		writes = [
			(entry["entity"], entry["operation"])
			for entry in self.company.get_requests()
			if entry["operation"] in ("create", "update") and entry["entity"] in ("Payment", "Invoice")
		]
		self.assertEqual(writes, [("Payment", "create"), ("Invoice", "create"), ("Payment", "update")])

	def test_method_account_and_reference_arrive(self):
		payment = make_payment(
			self.customer, 10, payment_method="Check", payment_reference="4711", deposit_account="Checking"
		)
		payment.submit()
		frappe.db.commit()
		work()
		remote = self.get_payments()[0]
		self.assertEqual(remote["PaymentMethodRef"]["name"], "Check")
		self.assertEqual(remote["PaymentRefNum"], "4711")
		self.assertEqual(self.company.get_balance("Checking"), 10)

	def test_a_received_payment_is_locked_and_a_queued_one_is_not(self):
		self.set_rule("At Synchronization")
		queued = self.pay(10, send=False)
		queued.cancel()
		self.assertEqual(rows.get_rows(PAYMENT, queued.name), [])
		self.set_rule("On Submit")
		sent = self.pay(10)
		with self.assertRaises(frappe.ValidationError):
			frappe.get_doc(PAYMENT, sent.name).cancel()

	def test_what_was_sent_is_not_edited_by_applying_it(self):
		order = self.order()
		payment = self.pay(100, o=(order.name, 100))
		self.ship(order)
		link = frappe.get_doc("QuickBooks Link", {"reference_name": payment.name})
		self.assertEqual(link.sync_token, self.get_payments()[0]["SyncToken"])


class TestAppliedElsewhere(PaymentTestCase):
	def test_quickbooks_has_applied_it_to_the_right_invoice(self):
		ship_doc = self.ship()
		self.auto_apply()
		payment = self.pay(100, s=(ship_doc.name, 100))
		self.assertEqual(self.get_applied(), {ship_doc.name: 100})
		self.assertEqual(self.company.get_requests(entity="Payment", operation="update"), [])
		self.assert_sums(payment, 100, 0)
		self.assertIn(f"100.00 settle Invoice {ship_doc.name}", self.get_sentence(payment))

	def take_deposit_that_went_elsewhere(self):
		older = self.ship(amount=70)
		self.auto_apply()
		order = self.order()
		payment = self.pay(100, o=(order.name, 100))
		self.auto_apply(False)
		self.assertEqual(self.get_applied(), {older.name: 70})
		self.assertIn(f"Invoice {older.name} by QuickBooks itself", self.get_sentence(payment))
		return older, payment, self.ship(order)

	def test_a_person_is_asked_and_moves_it(self):
		older, payment, ship_doc = self.take_deposit_that_went_elsewhere()
		self.assertEqual(self.get_applied(), {older.name: 70, ship_doc.name: 30})
		payment.reload()
		self.assertEqual(payment.quickbooks_status, "Needs Attention")
		sentence = self.get_sentence(payment)
		self.assertIn(f"not applied to Invoice {ship_doc.name}", sentence)
		self.assertIn(f"70.00 to Invoice {older.name}", sentence)
		queue_api.move_payment(self.get_open_row(payment).name)
		frappe.db.commit()
		work()
		self.assertEqual(self.get_applied(), {ship_doc.name: 100})
		self.assertEqual(self.get_balances(), {older.name: 70, ship_doc.name: 0})
		self.assert_sums(payment, 100, 0)
		self.assertEqual(payment.quickbooks_status, "Sent")

	def test_a_person_leaves_it(self):
		older, payment, ship_doc = self.take_deposit_that_went_elsewhere()
		queue_api.leave_payment(self.get_open_row(payment).name)
		frappe.db.commit()
		# What it leaves over may be for another invoice.
		self.assertEqual(frappe.db.count(rows.QUEUE, {"to_settle": 1}), 1)
		work()
		self.assertEqual(frappe.db.count(rows.QUEUE, {"to_settle": 1}), 0)
		self.assertEqual(self.get_applied(), {older.name: 70, ship_doc.name: 30})
		self.assert_sums(payment, 30, 70)
		self.assertEqual(payment.quickbooks_status, "Sent")

	def test_the_setting_moves_it(self):
		self.set_move(1)
		older, payment, ship_doc = self.take_deposit_that_went_elsewhere()
		self.assertEqual(self.get_applied(), {ship_doc.name: 100})
		self.assertEqual(self.get_balances(), {older.name: 70, ship_doc.name: 0})
		self.assert_sums(payment, 100, 0)

	def test_what_a_person_applied_in_quickbooks_is_kept(self):
		theirs = self.ship(amount=25)
		order = self.order()
		payment = self.pay(125, o=(order.name, 100))
		remote = self.get_payments()[0]
		invoice = self.company.get_invoices()[0]
		line = {"Amount": 25, "LinkedTxn": [{"TxnId": invoice["Id"], "TxnType": "Invoice"}]}
		self.company.post("Payment", {**remote, "Line": [line]})
		ship_doc = self.ship(order)
		self.assertEqual(self.get_applied(), {theirs.name: 25, ship_doc.name: 100})
		self.assert_sums(payment, 100, 25)
