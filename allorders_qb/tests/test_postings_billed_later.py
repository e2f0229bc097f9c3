"""Receive now, bill later where QuickBooks counts too: provisional bills become the vendors', with its ledger and stock as witness."""

import frappe
from frappe.model.document import Document

from allorders_qb.allorders_qb.doctype.ao_receiver.ao_receiver import make_vendor_bill
from allorders_qb.sync import rows
from allorders_qb.sync.resending import RESENDS
from allorders_qb.sync.worker import drain
from allorders_qb.tests.emulated import let_time_pass, work
from allorders_qb.tests.test_postings_purchases import COUNTED, FREIGHT, PAYABLE, PurchaseBooksTestCase

LATER = "Bill Later"


class TestBilledLater(PurchaseBooksTestCase):
	def setUp(self) -> None:
		super().setUp()
		self.choose_mode(COUNTED)

	def bill_all(self, *receivers: Document, **values) -> Document:
		"""A vendor's bill as ``enter_bill`` makes it, sent."""
		return self.send(self.enter_bill(*receivers, **values))

	def enter_bill(
		self, *receivers: Document, quantities: dict[str, float] | None = None, **values
	) -> Document:
		"""A vendor's bill of what is left of these receivers, or so many dozens of them by name; submitted."""
		doc = None
		for receiver in receivers:
			doc = make_vendor_bill(receiver.name, doc)
		unit_cost = values.pop("unit_cost", None)
		for line in doc.lines:
			line.quantity = (quantities or {}).get(line.receiver, line.quantity)
			line.unit_cost = unit_cost or line.unit_cost
		doc.update({"vendor_invoice_number": frappe.generate_hash(length=8), **values})
		return doc.insert().submit()

	def list_bills(self) -> list[dict]:
		return self.company.query("SELECT * FROM Bill ORDERBY Id")

	def assert_books(self, quantity: float, **expected: float) -> None:
		self.assert_balances(**expected)
		self.assertEqual(self.get_quantity(self.item), quantity)
		self.assert_worth()

	def read_reason(self, doc: Document) -> tuple[str, str]:
		doc.reload()
		return doc.quickbooks_status, doc.quickbooks_reason

	def test_the_provisional_bill_becomes_the_vendors(self) -> None:
		receiver = self.receive(billing=LATER)
		(provisional,) = self.list_bills()
		doc = self.bill_all(receiver, unit_cost=32, terms="Net 30", posting_date=receiver.posting_date)
		(bill,) = self.list_bills()
		self.assertEqual(bill["Id"], provisional["Id"])
		self.assertEqual((bill["DocNumber"], bill["TotalAmt"]), (doc.vendor_invoice_number, 64))
		self.assertEqual((bill["TxnDate"], bill["SalesTermRef"]["name"]), (str(doc.posting_date), "Net 30"))
		self.assertNotIn("not billed", bill["PrivateNote"])
		self.assertIn(doc.name, bill["PrivateNote"])
		self.assertEqual(self.read_statuses(doc), {"bill": "Sent", "revaluation": "Not Needed"})
		doc.reload()
		self.assertEqual((doc.quickbooks_id, doc.quickbooks_status), (bill["Id"], "Sent"))
		status, reason = self.read_reason(receiver)
		self.assertEqual(status, "Not Needed")
		self.assertIn(f"on the vendor's bill {doc.name}", reason)
		self.assert_books(24, inventory=64, payable=-64)

	def test_a_price_difference_reaches_what_was_shipped(self) -> None:
		receiver = self.receive(billing=LATER)
		self.ship(self.item, 6)
		self.assert_books(18, inventory=45, payable=-60, cogs=15)
		self.bill_all(receiver, unit_cost=32)
		self.assert_books(18, inventory=48, payable=-64, cogs=16)

	def test_a_part_leaves_the_provisional_bill_and_the_last_part_takes_it_over(self) -> None:
		receiver = self.receive(3, billing=LATER, landed_costs=[FREIGHT])
		self.assert_books(36, inventory=102, payable=-90, clearing=-12)
		first = self.bill_all(receiver, quantities={receiver.name: 1}, unit_cost=33)
		self.assertEqual(
			self.read_statuses(first), {"provisional": "Sent", "bill": "Sent", "revaluation": "Not Needed"}
		)
		self.assertEqual([bill["TotalAmt"] for bill in self.list_bills()], [60, 45])
		self.assertIn("(2 dozen)", self.list_bills()[0]["Line"][0]["Description"])
		self.assertEqual(self.read_reason(receiver)[0], "Sent")
		self.assert_books(36, inventory=105, payable=-105)
		second = self.bill_all(receiver, unit_cost=31)
		self.assertEqual([bill["TotalAmt"] for bill in self.list_bills()], [62, 45])
		self.assertEqual(self.list_bills()[0]["DocNumber"], second.vendor_invoice_number)
		self.assert_books(36, inventory=107, payable=-107)

	def test_one_bill_covers_many_receivers(self) -> None:
		one, two, three = (self.receive(count, billing=LATER) for count in (1, 2, 3))
		doc = self.bill_all(one, two, three, quantities={three.name: 1}, unit_cost=31)
		bills = self.list_bills()
		self.assertEqual([bill["TotalAmt"] for bill in bills], [124, 60])
		self.assertEqual((bills[0]["DocNumber"], len(bills[0]["Line"])), (doc.vendor_invoice_number, 3))
		self.assertEqual(
			[self.read_reason(each)[0] for each in (one, two, three)], ["Not Needed", "Not Needed", "Sent"]
		)
		self.assert_books(72, inventory=184, payable=-184)
		self.bill_all(three)
		self.assert_books(72, inventory=184, payable=-184)
		self.assertEqual(len(self.list_bills()), 2)

	def test_goods_are_never_there_twice_between_two_requests(self) -> None:
		one, two = self.receive(1, billing=LATER), self.receive(2, billing=LATER)
		self.company.queue_fault(
			match={"entity": "Bill", "operation": "update"}, code="2500", detail="Refused", times=1
		)
		doc = self.bill_all(one, two, quantities={two.name: 1})
		self.assertEqual(self.read_reason(doc)[0], "Needs Attention")
		self.assertLessEqual(self.get_quantity(self.item), 36)
		self.retry(doc)
		self.assert_books(36, inventory=90, payable=-90)

	def retry(self, doc: Document) -> None:
		from allorders_qb.sync.decisions import retry

		for row in rows.get_rows(doc.doctype, doc.name):
			if row.status == "Needs Attention":
				retry(row.name)
		frappe.db.commit()
		work()

	def test_a_receiver_that_was_never_sent_comes_in_with_the_bill(self) -> None:
		receiver = self.receive(2, billing=LATER, never_send=1, never_send_reason="The vendor's bill does")
		self.assertEqual(self.list_bills(), [])
		doc = self.bill_all(receiver, never_send=0, never_send_reason=None)
		self.assertEqual(self.read_reason(doc)[0], "Sent", doc.quickbooks_reason)
		self.assert_books(24, inventory=60, payable=-60)

	def test_what_was_billed_before_the_receiver_was_sent_is_not_on_its_bill(self) -> None:
		self.set_rule("AO Receiver", "By Button")
		receiver = self.receive(2, billing=LATER)
		self.bill_all(receiver, quantities={receiver.name: 1})
		self.assertEqual([bill["TotalAmt"] for bill in self.list_bills()], [30])
		from allorders_qb.sync.queue import queue_document

		queue_document(frappe.get_doc(receiver.doctype, receiver.name), "Button")
		frappe.db.commit()
		work()
		self.assertEqual([bill["TotalAmt"] for bill in self.list_bills()], [30, 30])
		self.assert_books(24, inventory=60, payable=-60)

	def set_rule(self, doctype: str, rule: str) -> None:
		settings = frappe.get_doc("QuickBooks Settings")
		for row in settings.posting_rules:
			if row.document_type == doctype:
				row.rule = rule
		settings.save()
		frappe.db.commit()

	def test_a_bill_waits_for_a_receiver_that_needs_attention(self) -> None:
		self.company.queue_fault(match={"entity": "Bill"}, code="2500", detail="Refused", times=1)
		receiver = self.receive(billing=LATER)
		doc = self.bill_all(receiver)
		status, reason = self.read_reason(doc)
		self.assertEqual(status, "Queued")
		self.assertIn(receiver.name, reason)
		self.assertEqual(self.list_bills(), [])
		self.retry(receiver)
		self.assertEqual(len(self.list_bills()), 1)
		self.assert_books(24, inventory=60, payable=-60)

	def test_a_line_that_somebody_added_there_stays(self) -> None:
		receiver = self.receive(2, billing=LATER)
		(bill,) = self.list_bills()
		account = bill["APAccountRef"] and self.company.query(
			"SELECT * FROM Account WHERE Name = 'Freight Paid'"
		)
		account = account or self.company.query("SELECT * FROM Account WHERE AccountType = 'Expense'")
		self.company.post(
			"Bill",
			{
				**{field: bill[field] for field in ("Id", "SyncToken", "VendorRef", "PrivateNote")},
				"sparse": True,
				"Line": [
					*bill["Line"],
					{
						"Amount": 5,
						"DetailType": "AccountBasedExpenseLineDetail",
						"AccountBasedExpenseLineDetail": {"AccountRef": {"value": account[0]["Id"]}},
					},
				],
			},
		)
		self.bill_all(receiver, quantities={receiver.name: 1})
		self.assertEqual([bill["TotalAmt"] for bill in self.list_bills()], [35, 30])
		self.assertEqual(self.company.get_balance(PAYABLE), -65)
		self.bill_all(receiver)
		self.assertEqual([bill["TotalAmt"] for bill in self.list_bills()], [35, 30])
		self.assertEqual(self.get_quantity(self.item), 24)

	def test_a_change_by_somebody_else_at_that_moment_is_read_again(self) -> None:
		one, two = self.receive(1, billing=LATER), self.receive(2, billing=LATER)
		self.company.queue_fault(match={"entity": "Bill", "operation": "update"}, race=True, times=2)
		self.bill_all(one, two, quantities={two.name: 1})
		self.assert_books(36, inventory=90, payable=-90)

	def test_where_somebody_deletes_the_provisional_bill_what_is_not_billed_is_missed(self) -> None:
		receiver = self.receive(3, billing=LATER)
		self.delete_there()
		first = self.bill_all(receiver, quantities={receiver.name: 1})
		self.assertEqual(self.read_reason(first)[0], "Sent", first.quickbooks_reason)
		self.assert_missed(receiver, 12, 30)
		second = self.bill_all(receiver, quantities={receiver.name: 1})
		self.assertEqual(self.read_reason(second)[0], "Sent", second.quickbooks_reason)
		self.assert_missed(receiver, 24, 60)
		last = self.bill_all(receiver)
		self.assertEqual(self.read_reason(last)[0], "Sent", last.quickbooks_reason)
		status, reason = self.read_reason(receiver)
		self.assertEqual(status, "Not Needed")
		self.assertIn(f"on the vendor's bill {last.name}", reason)
		self.assertEqual([bill["TotalAmt"] for bill in self.list_bills()], [30, 30, 30])
		self.assert_books(36, inventory=90, payable=-90)

	def test_where_it_is_deleted_while_no_answer_comes_what_is_not_billed_is_missed(self) -> None:
		receiver = self.receive(3, billing=LATER)
		self.company.queue_fault(
			match={"entity": "Bill", "operation": "update"}, drop="after_commit", times=1
		)
		doc = self.enter_bill(receiver, quantities={receiver.name: 1})
		frappe.db.commit()
		drain(10)
		self.assertEqual(self.read_statuses(doc)["provisional"], rows.UNKNOWN)
		self.delete_there()
		let_time_pass(700)
		work()
		self.assertEqual(self.read_reason(doc)[0], "Sent", doc.quickbooks_reason)
		self.assert_missed(receiver, 12, 30)

	def test_after_many_silent_sendings_a_person_decides(self) -> None:
		for billed, role in ((1, "provisional"), (2, "bill")):
			with self.subTest(role=role):
				receiver = self.receive(2, billing=LATER)
				before = self.get_quantity(self.item)
				self.company.queue_fault(
					match={"entity": "Bill", "operation": "update"}, drop="before_commit", times=RESENDS + 1
				)
				doc = self.enter_bill(receiver, quantities={receiver.name: billed})
				frappe.db.commit()
				work(rounds=RESENDS + 4)
				self.assertEqual(self.read_statuses(doc)[role], rows.ATTENTION)
				self.assertIn(
					f"was sent {RESENDS + 1} times without a clear answer, and the provisional bill",
					self.read_reason(doc)[1],
				)
				self.retry(doc)
				self.assertEqual(self.read_reason(doc)[0], "Sent", doc.quickbooks_reason)
				self.assertEqual(self.get_quantity(self.item), before)

	def delete_there(self) -> None:
		"""Delete the only bill in QuickBooks, as a person does there."""
		(bill,) = self.list_bills()
		self.company.write_as_user("Bill", "delete", {field: bill[field] for field in ("Id", "SyncToken")})

	def assert_missed(self, receiver: Document, quantity: float, worth: float) -> None:
		status, reason = self.read_reason(receiver)
		self.assertEqual(status, "Deleted in QuickBooks")
		self.assertIn("has been deleted there", reason)
		self.assert_balances(inventory=worth, payable=-worth)
		self.assertEqual(self.get_quantity(self.item), quantity)

	def test_a_bill_waits_for_each_that_it_takes_something_out_of(self) -> None:
		one, two = self.receive(2, billing=LATER), self.receive(2, billing=LATER)
		self.company.queue_fault(
			match={"entity": "Bill", "operation": "update"}, code="2500", detail="Refused", times=1
		)
		doc = self.bill_all(one, two, quantities={one.name: 1, two.name: 1})
		self.assertEqual(
			self.read_statuses(doc),
			{"provisional": "Sent", "bill": "Queued", "revaluation": "Queued"},
		)
		self.assertEqual(len(self.list_bills()), 2)
		self.assertLessEqual(self.get_quantity(self.item), 48)
		self.retry(doc)
		self.assertEqual([bill["TotalAmt"] for bill in self.list_bills()], [30, 30, 60])
		self.assert_books(48, inventory=120, payable=-120)

	def test_goods_that_the_opening_stock_contains_are_not_brought_again(self) -> None:
		settings = frappe.get_doc("QuickBooks Settings")
		receiver = self.receive(billing=LATER, posting_date="2019-12-01")
		self.assertEqual(self.list_bills(), [])
		doc = self.bill_all(receiver)
		status, reason = self.read_reason(doc)
		self.assertEqual(status, "Needs Attention")
		self.assertIn("row 1", reason)
		self.assertIn("the start of inventory", reason)
		self.assertEqual(settings.inventory_mode, COUNTED)
		self.assertEqual(self.list_bills(), [])
