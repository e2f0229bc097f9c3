"""Which payments are to be applied to which invoices: those that are both in QuickBooks, and for each other.

Looked for whenever one of the two has been recorded. The row of the queue that recorded it says so (``to_settle``) in the same
transaction, and until it was done: so a drain finds what a crash left out, without reading the payments that wait for an invoice.
For each row of a payment one application at a time, the oldest shipment first; what it leaves over waits for the next.
"""

from collections.abc import Iterator
from typing import Any

import frappe

from allorders_qb.sync import rows
from allorders_qb.sync.payments.records import (
	APPLICATION,
	INVOICE_ROLE,
	LINE,
	PAYMENT,
	PAYMENT_ROLE,
	SHIP_DOC,
	WAITING,
	insert_application,
	look_again,
)
from allorders_qb.sync.status import refresh_status

GONE = ("Deleted", "Voided")


def may_settle(row: Any) -> bool:
	"""Whether what a row of the queue records may let a payment be applied."""
	return row.reference_doctype == PAYMENT or (
		row.reference_doctype == SHIP_DOC and row.role == INVOICE_ROLE
	)


def plan_after(row: Any, realm_id: str) -> None:
	"""What this row, as read last, has recorded may now be applied, or be settled. Commits."""
	if not may_settle(row):
		return
	is_payment = row.reference_doctype == PAYMENT
	try:
		plan(realm_id, **{"payment" if is_payment else "ship_doc": row.reference_name})
		# Whoever has asked for another look since this row was read (``look_again``) has changed it: that look is still due.
		rows.change_where(row.name, {"to_settle": 1, "fence": row.fence}, {"to_settle": 0})
		frappe.db.commit()  # nosemgrep: frappe-manual-commit  looked for, and all of it written
	except (frappe.QueryDeadlockError, frappe.QueryTimeoutError):
		# Somebody else is at the same payment; the next drain looks again.
		frappe.db.rollback()


def plan_left(realm_id: str) -> None:
	"""Look for what rows recorded whose worker could not do so itself any more. Commits after each."""
	for row in frappe.get_all(
		rows.QUEUE,
		filters={"to_settle": 1},
		fields=["name", "reference_doctype", "reference_name", "role", "fence"],
		order_by="creation",
	):
		plan_after(row, realm_id)


def plan(realm_id: str, payment: str | None = None, ship_doc: str | None = None) -> None:
	"""Queue every application that is due, or those of one payment or one ship doc. Commits after each.

	Raises frappe.QueryDeadlockError or QueryTimeoutError where somebody else is at the same payment.
	"""
	for found in list(_list_due(realm_id, payment, ship_doc)):
		_plan_one(realm_id, found)


def mark_due(realm_id: str) -> None:
	"""Have the next drain plan every application that is due. Takes no lock of a payment; does not commit."""
	for payment in sorted({found.payment for found in _list_due(realm_id, None, None)}):
		look_again(PAYMENT, payment)


def _plan_one(realm_id: str, found: frappe._dict) -> None:
	"""Queue one application, unless somebody else has meanwhile. Commits."""
	rows.lock_document(PAYMENT, found.payment)
	table = frappe.qb.DocType(APPLICATION)
	# A locking read: what another worker has planned since this transaction began counts.
	others = (
		frappe.qb.from_(table)
		.select(table.ship_doc, table.status)
		.where((table.payment == found.payment) & (table.payment_line == found.line))
		.for_update()
		.run(as_dict=True)
	)
	if any(other.status == WAITING or other.ship_doc == found.ship_doc for other in others):
		frappe.db.commit()  # nosemgrep: frappe-manual-commit  gives the locks back
		return
	payment = frappe.db.get_value(PAYMENT, found.payment, ["name", "customer", "currency"], as_dict=True)
	line = frappe._dict(name=found.line, sales_order=found.sales_order)
	insert_application(payment, line, found.ship_doc, realm_id=realm_id)
	refresh_status(PAYMENT, found.payment)
	frappe.db.commit()  # nosemgrep: frappe-manual-commit  one payment is locked at a time


def _list_due(realm_id: str, payment: str | None, ship_doc: str | None) -> Iterator[frappe._dict]:
	"""Yield the first due application of each row: payment, line, sales_order, ship_doc."""
	seen = set()
	found = [
		*_select_due(realm_id, payment, ship_doc, by_order=False),
		*_select_due(realm_id, payment, ship_doc, by_order=True),
	]
	for one in found:
		if one.line not in seen:
			seen.add(one.line)
			yield one


def _select_due(
	realm_id: str, payment: str | None, ship_doc: str | None, by_order: bool
) -> list[frappe._dict]:
	line, head, shipped = (frappe.qb.DocType(doctype) for doctype in (LINE, PAYMENT, SHIP_DOC))
	shipped_line = frappe.qb.DocType("AO Ship Doc Line")
	paid_link = frappe.qb.DocType("QuickBooks Link").as_("paid_link")
	invoice_link = frappe.qb.DocType("QuickBooks Link").as_("invoice_link")
	done = frappe.qb.DocType(APPLICATION)
	waiting = frappe.qb.DocType(APPLICATION).as_("waiting")
	query = frappe.qb.from_(line).join(head).on(head.name == line.parent)
	if by_order:
		query = query.join(shipped_line).on(shipped_line.sales_order == line.sales_order)
		query = query.join(shipped).on(shipped.name == shipped_line.parent)
	else:
		query = query.join(shipped).on(shipped.name == line.ship_doc)
	query = (
		query.join(paid_link)
		.on(
			(paid_link.reference_doctype == PAYMENT)
			& (paid_link.reference_name == head.name)
			& (paid_link.role == PAYMENT_ROLE)
			& (paid_link.realm_id == realm_id)
		)
		.join(invoice_link)
		.on(
			(invoice_link.reference_doctype == SHIP_DOC)
			& (invoice_link.reference_name == shipped.name)
			& (invoice_link.role == INVOICE_ROLE)
			& (invoice_link.realm_id == realm_id)
		)
		.left_join(done)
		.on((done.payment_line == line.name) & (done.ship_doc == shipped.name))
		.left_join(waiting)
		.on((waiting.payment_line == line.name) & (waiting.status == WAITING))
		.select(
			head.name.as_("payment"), line.name.as_("line"), line.sales_order, shipped.name.as_("ship_doc")
		)
		.distinct()
		.where((head.docstatus == 1) & (shipped.docstatus == 1) & (line.amount > line.applied_amount))
		.where(done.name.isnull() & waiting.name.isnull())
		.where(paid_link.quickbooks_state.isnull() | paid_link.quickbooks_state.notin(GONE))
		.where(invoice_link.quickbooks_state.isnull() | invoice_link.quickbooks_state.notin(GONE))
		.orderby(head.posting_date, head.name, line.idx, shipped.posting_date, shipped.name)
	)
	if payment:
		query = query.where(head.name == payment)
	if ship_doc:
		query = query.where(shipped.name == ship_doc)
	return query.run(as_dict=True)
