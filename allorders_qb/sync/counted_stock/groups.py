"""Receivers and the vendors' bills of them: together they are one thing in QuickBooks, for goods go from one bill to another."""

from datetime import date

import frappe

RECEIVER, VENDOR_BILL, BILL_LINE = "AO Receiver", "AO Vendor Bill", "AO Vendor Bill Line"
Document = tuple[str, str]
"""(DocType, name)"""


def find_groups() -> dict[Document, Document]:
	"""Receivers and bills that share goods, each with the bill that stands for all of them. What is not in it stands for itself."""
	lines = frappe.get_all(
		BILL_LINE,
		filters={"docstatus": 1, "receiver": ("is", "set")},
		fields=["parent", "receiver"],
		distinct=True,
		order_by="parent, receiver",
	)
	leads: dict[Document, Document] = {}

	def find(one: Document) -> Document:
		while leads.setdefault(one, one) != one:
			one = leads[one]
		return one

	for line in lines:
		bill, other = find((VENDOR_BILL, line.parent)), find((RECEIVER, line.receiver))
		first, second = sorted((bill, other), key=lambda one: (one[0] != VENDOR_BILL, one))
		leads[second] = first
	return {one: find(one) for one in leads}


def list_billed_later(day: date) -> list[frappe._dict]:
	"""The receivers of that day or before whose goods QuickBooks has by now on a vendor's bill of a later date: ``receiver`` and ``bill``."""
	bill, line, receiver = (frappe.qb.DocType(name) for name in (VENDOR_BILL, BILL_LINE, RECEIVER))
	link = frappe.qb.DocType("QuickBooks Link")
	return (
		frappe.qb.from_(line)
		.join(bill)
		.on(bill.name == line.parent)
		.join(receiver)
		.on(receiver.name == line.receiver)
		.join(link)
		.on(
			(link.reference_doctype == VENDOR_BILL)
			& (link.reference_name == bill.name)
			& (link.role == "bill")
		)
		.select(receiver.name.as_("receiver"), bill.name.as_("bill"))
		.distinct()
		.where((bill.docstatus == 1) & (bill.posting_date > day) & (receiver.posting_date <= day))
		.orderby(receiver.name)
		.run(as_dict=True)
	)
