"""What of a receiver has been billed in QuickBooks, and the provisional bill that holds the rest. Reads, and moves links."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import frappe
from frappe import _

from allorders_qb.money import to_decimal
from allorders_qb.stock.quantities import QUANTITY_PLACES
from allorders_qb.sync import rows
from allorders_qb.sync.links import LINK, get_link

RECEIVER = "AO Receiver"
VENDOR_BILL = "AO Vendor Bill"
BILL_LINE = "AO Vendor Bill Line"
BILL_ROLE = "bill"
PROVISIONAL_ROLE = "provisional"
ZERO = Decimal(0)


@dataclass
class Billed:
	"""What of a receiver's line is on vendors' bills in QuickBooks: stock units, and what they were received at (home currency)."""

	quantity: Decimal = ZERO
	cost: Decimal = ZERO
	landed: Decimal = ZERO


def list_receivers(lines: Iterable[Any]) -> list[str]:
	"""The receivers that a vendor's bill has goods of, in the order of their rows' numbers (the first is 1)."""
	return sorted({line.receiver for line in lines if line.receiver})


def read_billed(receiver: str, also: str | None = None) -> dict[str, Billed]:
	"""What is billed in QuickBooks of a receiver, by the name of its line; ``also`` is a bill that counts as if it were there."""
	found = frappe.get_all(
		BILL_LINE,
		filters={"receiver": receiver, "docstatus": 1},
		fields=["parent", "receiver_line", "stock_quantity", "received_cost", "landed_cost"],
		order_by="parent, idx",
	)
	bills = {bill for bill in {line.parent for line in found} if bill == also or has_billed(bill, receiver)}
	billed: dict[str, Billed] = {}
	for line in found:
		if line.parent in bills:
			one = billed.setdefault(line.receiver_line, Billed())
			one.quantity += to_decimal(line.stock_quantity, QUANTITY_PLACES)
			one.cost += to_decimal(line.received_cost, 2)
			one.landed += to_decimal(line.landed_cost, 2)
	return billed


def has_billed(bill: str, receiver: str) -> bool:
	"""Whether a vendor's bill has taken its share of a receiver: it is in QuickBooks, or may be, or the share was taken out for it."""
	number = get_number(bill, receiver)
	return any(
		row.status in (rows.SENT, rows.NOT_NEEDED) and row.generation == number
		if row.role == PROVISIONAL_ROLE
		else row.role == BILL_ROLE and (row.status == rows.SENT or bool(row.payload))
		for row in rows.get_rows(VENDOR_BILL, bill)
	)


def get_number(bill: str, receiver: str) -> int:
	"""The number of the row by which a bill takes its share out of a receiver's provisional bill."""
	lines = frappe.get_all(BILL_LINE, filters={"parent": bill}, fields=["receiver"], order_by="idx")
	return list_receivers(lines).index(receiver) + 1


def has_rest(receiver: str, also: str) -> bool:
	"""Whether anything of a receiver is left to be billed after this bill as well."""
	billed = read_billed(receiver, also)
	lines = frappe.get_all(
		"AO Receiver Line", filters={"parent": receiver}, fields=["name", "stock_quantity"], order_by="idx"
	)
	return any(
		to_decimal(line.stock_quantity, QUANTITY_PLACES) > billed.get(line.name, Billed()).quantity
		for line in lines
	)


def get_provisional(realm_id: str, receiver: str) -> frappe._dict | None:
	"""The link of a receiver's provisional bill, where it has one in QuickBooks."""
	return get_link(realm_id, RECEIVER, receiver, BILL_ROLE)


def hand_over(link: frappe._dict, bill: str) -> None:
	"""A provisional bill has become the vendor's: the link is that of the vendor's bill. Does not commit."""
	frappe.db.set_value(
		LINK,
		link.name,
		{
			"reference_doctype": VENDOR_BILL,
			"reference_name": bill,
			"role": BILL_ROLE,
			"quickbooks_state": "",
			"state_difference": None,
		},
	)
	close_receiver(link.reference_name, bill)


def close_receiver(receiver: str, bill: str) -> None:
	"""Nothing of a receiver stands by itself in QuickBooks any more: its row says where it went. Does not commit."""
	rows.lock_document(RECEIVER, receiver)
	for row in rows.get_rows(RECEIVER, receiver, for_update=True):
		if row.role == BILL_ROLE and row.status == rows.SENT:
			rows.change_where(
				row.name,
				{"status": rows.SENT},
				{
					"status": rows.NOT_NEEDED,
					"possibly_stored": 0,
					"reason": _(
						"It is billed: what was received stands in QuickBooks on the vendor's bill {0}."
					).format(bill),
				},
			)
