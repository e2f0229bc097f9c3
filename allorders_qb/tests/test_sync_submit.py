"""What being connected to QuickBooks adds to a submit: so many queries, whatever the document holds; and what they leave."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import frappe
from frappe.model.document import Document

from allorders_qb.sync import events, queue, rows
from allorders_qb.sync.connection import SETTINGS
from allorders_qb.sync.status import get_state
from allorders_qb.tests.booked import BooksTestCase
from allorders_qb.tests.utils import make_customer, make_item, make_payment, make_receiver, make_ship_doc

VALUES, COUNTED = "Values Only", "QuickBooks Counts Too"

QUERIES = 4
"""The connection, what QuickBooks has of the document's list records, the rows, the document's status."""

QUERIES_WITH_MISSING = QUERIES + 2
"""Besides, the rows that the missing list records have, and their new ones."""

STOCKED = 1
"""Which of the items are kept in stock: for purchases, and for what is shipped under an inventory mode."""


@contextmanager
def list_queries() -> Iterator[list[str]]:
	"""The statements that the block sends to the database."""
	queries: list[str] = []
	original = frappe.db.sql

	def note(query, *args, **kwargs):
		queries.append(str(query))
		return original(query, *args, **kwargs)

	frappe.db.sql = note
	try:
		yield queries
	finally:
		frappe.db.sql = original


class TestQueriesOfSubmit(BooksTestCase):
	def submit(self, doc: Document) -> Document:
		"""Submit a draft by a rule that queues nothing, so that what queueing does can be counted by itself."""
		self.choose_rule("By Button")
		doc.submit()
		self.choose_rule("On Submit")
		return doc

	def choose_rule(self, rule: str) -> None:
		settings = frappe.get_doc(SETTINGS)
		for row in settings.posting_rules:
			row.rule = rule
		settings.save()

	def make(self, items: int = 1, **values) -> Document:
		lines = [{"item": make_item(purchase_cost=4).name, "quantity": 1} for _number in range(items)]
		return make_ship_doc(lines=lines, location=self.location, **values)

	def bring(self, doc: Document) -> None:
		"""Have the customer and the items of a document in QuickBooks."""
		for doctype, name in [("AO Customer", doc.customer), *(("AO Item", row.item) for row in doc.lines)]:
			queue.queue_needed_record(doctype, name)
		self.send(doc)

	def assert_queues_within(self, doc: Document, most: int, roles: list[str]) -> None:
		frappe.db.commit()
		queue.get_rule(doc.doctype)
		with list_queries() as queries:
			events.queue_document(doc)
		self.assertLessEqual(len(queries), most, "\n".join(queries))
		found = rows.get_rows(doc.doctype, doc.name)
		self.assertEqual([row.role for row in found], roles)
		self.assertEqual(
			[row.blocked_by for row in found], [None, *(row.name for row in found)][: len(found)]
		)
		doc.reload()
		self.assertEqual((doc.quickbooks_status, doc.quickbooks_reason), ("Queued", "Queued for QuickBooks."))
		self.assertIn("a worker sends it", get_state(doc.doctype, doc.name).sentence)

	def test_however_many_lines(self):
		for items in (1, 30):
			with self.subTest(items=items):
				doc = self.make(items)
				self.bring(doc)
				self.assert_queues_within(self.submit(doc), QUERIES, ["invoice"])

	def test_however_many_records_are_missing(self):
		for items in (1, 30):
			with self.subTest(items=items):
				doc = self.submit(self.make(items))
				self.assert_queues_within(doc, QUERIES_WITH_MISSING, ["invoice"])
				self.assertEqual(
					[row.reference_name for row in self.list_rows()][-items - 2 :],
					[doc.customer, *sorted(row.item for row in doc.lines), doc.name],
				)

	def list_rows(self) -> list[frappe._dict]:
		return frappe.get_all(rows.QUEUE, fields=["reference_name"], order_by="creation, name")

	def test_where_only_values_are_kept(self):
		self.choose_mode(VALUES)
		doc = self.make(2)
		self.bring(doc)
		# What the goods have cost is read for the journal.
		self.assert_queues_within(self.submit(doc), QUERIES + STOCKED + 1, ["invoice", "cogs"])

	def test_where_quickbooks_counts_too(self):
		self.choose_mode(COUNTED)
		doc = self.make(2)
		self.bring(doc)
		# The items' places in the ledger are read and noted, and who moved them before is looked for.
		self.assert_queues_within(self.submit(doc), QUERIES + STOCKED + 3, ["invoice"])

	def test_purchases_and_payments(self):
		customer = make_customer()
		queue.queue_needed_record("AO Customer", customer.name)
		self.send(customer)
		self.assert_queues_within(self.submit(make_payment(customer)), QUERIES, ["payment"])
		receiver = make_receiver(submit=False, location=self.location)
		self.assert_queues_within(self.submit(receiver), QUERIES_WITH_MISSING + STOCKED, ["bill"])

	def test_a_role_that_has_a_row_gets_no_other(self):
		self.choose_mode(VALUES)
		doc = self.make()
		doc.submit()
		invoice, cogs = rows.get_rows(doc.doctype, doc.name)
		self.assertEqual(queue.queue_document(doc, trigger=queue.SUBMIT), [])
		rows.delete_rows([cogs.name])
		written = queue.queue_document(doc, trigger=queue.SUBMIT)
		found = rows.get_rows(doc.doctype, doc.name)
		self.assertEqual([row.name for row in found], [invoice.name, *written])
		self.assertEqual(found[1].blocked_by, invoice.name)
		self.assertEqual(frappe.db.get_value(doc.doctype, doc.name, "quickbooks_status"), "Queued")

	def test_a_role_that_has_a_row_of_a_later_generation_gets_no_other(self):
		doc = self.make()
		self.bring(doc)
		doc.submit()
		self.send(doc)
		(row,) = rows.get_rows(doc.doctype, doc.name)
		self.assertEqual(row.status, rows.SENT)
		rows.change_where(row.name, {"status": rows.SENT}, {"generation": 2})
		self.assertEqual(queue.queue_document(doc, trigger="Release"), [])
		self.send(doc)
		self.assertEqual([one.name for one in rows.get_rows(doc.doctype, doc.name)], [row.name])
		self.assertEqual(len(self.company.get_invoices()), 1)

	def test_a_name_that_is_taken_is_not_the_same_row(self):
		values = {"reference_doctype": "AO Item", "role": "record", "operation": "Save"}
		row = rows.make_row(reference_name=make_item().name, **values)
		self.assertTrue(rows.insert_rows([row]))
		other = rows.make_row(reference_name=make_item().name, **values)
		with self.assertRaises(Exception) as caught:
			rows.insert_rows([{**other, "name": row["name"]}])
		self.assertTrue(frappe.db.is_primary_key_violation(caught.exception))
		self.assertTrue(rows.insert_rows([other]))

	def test_rows_that_exist_leave_the_transaction_as_it_is(self):
		item = make_item()
		row = rows.make_row(
			reference_doctype="AO Item", reference_name=item.name, role="record", operation="Save"
		)
		self.assertTrue(rows.insert_rows([row]))
		other = rows.make_row(
			reference_doctype="AO Item", reference_name=make_item().name, role="record", operation="Save"
		)
		self.assertFalse(rows.insert_rows([other, {**row, "name": "another"}]))
		self.assertFalse(frappe.db.exists(rows.QUEUE, other["name"]))
		self.assertTrue(frappe.db.exists("AO Item", item.name))
		self.assertTrue(rows.insert_rows([other]))
