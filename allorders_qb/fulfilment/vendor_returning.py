"""What goes back to vendors: from receivers, or alone; never more than was received.

What goes back of a receiver is taken from what that receiver brought, as long as some of it is there, and beyond that first in,
first out. What the vendor credits more, or less, than the goods cost us is the purchase variance.
"""

from __future__ import annotations

from typing import Any

from frappe import _
from frappe.model.document import Document
from frappe.utils import getdate

from allorders_qb.fulfilment import sources
from allorders_qb.fulfilment.arithmetic import CANCELLED, DRAFT, SUBMITTED, ZERO
from allorders_qb.fulfilment.buying_entry import UNIT_COST
from allorders_qb.fulfilment.entry import read_fields, set_totals
from allorders_qb.fulfilment.goods import list_stocked_items
from allorders_qb.fulfilment.receiver_maker import map_lines
from allorders_qb.fulfilment.receiving import HEADER_FIELDS, compute_worth
from allorders_qb.fulfilment.ship_doc_maker import read_target
from allorders_qb.money import multiply, round_half_up, to_decimal
from allorders_qb.stock.entries import find_line_entries
from allorders_qb.stock.ledger import record_movements
from allorders_qb.stock.movements import RECEIPT, Movement
from allorders_qb.stock.quantities import QUANTITY_PLACES

STATUS = {DRAFT: "Pending", SUBMITTED: "Returned", CANCELLED: "Cancelled"}


def say(name: str) -> str:
	"""Return a sentence about what goes back of receivers."""
	return {
		"title": _("Not Possible for This Receiver"),
		"not_on": _("Row {0}: {1} was not received on {2}."),
		"another_line": _(
			"Row {0}: {1} is not what was received on that line of {2}. Take the row out and use Get Items From."
		),
		"not_happened": _("Row {0}: {1} was not received; only what was received can go back."),
		"other_party": _(
			"Row {0}: {1} came from {2}, and this return goes to {3}. Return it on a document of its own."
		),
		"other_currency": _(
			"Row {0}: {1} is in {2}; this return is in {3}. Return it on a document of its own."
		),
		"other_rate": _(
			"Row {0}: {1} was received at an exchange rate of {2}, and this return is at {3}. "
			"Use that rate, or return it on a document of its own."
		),
		"before": _("Row {0}: {1} was received on {2}; it cannot have gone back before, on {3}."),
		"too_much": _(
			"Row {0}: {1} of {2} is more than the {3} that can still go back of {4} (received {5}, returned {6}). Lower the quantity."
		),
		"nothing_left": _("Nothing of {0} is left that could go back."),
		"nothing": _("Nothing to Return"),
		"mixed": _("{0} came from {1} in {2}; this return goes to {3} in {4}."),
		"another_party": _("Another Vendor"),
		"taken": _("{0} cannot be cancelled: goods of it went back on {1}. Cancel that first."),
	}[name]


RECEIVED = sources.SourceKind(
	doctype="AO Receiver",
	party_field="vendor",
	quantity_field="stock_quantity",
	taken_field="returned_quantity",
	document="AO Vendor Return",
	source_field="receiver",
	moved_field="stock_quantity",
	say=say,
)


def get_receiver_header(document: Document) -> dict[str, Any] | None:
	"""Return the header fields of the first receiver that a document takes from; None when it stands alone."""
	first = next(iter(sources.list_source_names(RECEIVED, document)), None)
	return read_fields("AO Receiver", first, HEADER_FIELDS) if first else None


def record_vendor_return(vendor_return: Document) -> None:
	"""Take what a submitted return sends back off the shelves, count it on its receivers, and write down what it cost."""
	sources.record_taking(RECEIVED, vendor_return)
	moved = record_movements(build_movements(vendor_return))
	rate = to_decimal(vendor_return.exchange_rate)
	total_cost = total_variance = ZERO
	for row in vendor_return.lines:
		if row.name not in moved:
			continue
		cost = -moved[row.name].value
		variance = round_half_up(multiply(compute_worth(row), rate)) - cost
		row.db_set({"cost_amount": float(cost), "variance": float(variance)}, update_modified=False)
		total_cost, total_variance = total_cost + cost, total_variance + variance
	vendor_return.db_set(
		{"total_cost": float(total_cost), "variance": float(total_variance)}, update_modified=False
	)


def build_movements(vendor_return: Document) -> list[Movement]:
	"""Return one movement out of the return's location for each of its lines with an item that is counted."""
	stocked = list_stocked_items({row.item for row in vendor_return.lines})
	receipts = find_line_entries("AO Receiver", sources.list_source_names(RECEIVED, vendor_return), RECEIPT)
	return [
		Movement(
			item=row.item,
			location=vendor_return.location,
			quantity=-to_decimal(row.stock_quantity, QUANTITY_PLACES),
			posting_date=getdate(vendor_return.posting_date),
			voucher_type=vendor_return.doctype,
			voucher_no=vendor_return.name,
			voucher_line=row.name,
			takes_entry=receipts.get(row.receiver_line),
		)
		for row in vendor_return.lines
		if row.item in stocked
	]


def build_vendor_return(receiver_name: str, target: Document | dict | str | None = None) -> Document:
	"""Return an unsaved AO Vendor Return of what can still go back of a receiver, added to `target` when given."""
	return build_from_receiver(RECEIVED, receiver_name, target)


def build_from_receiver(
	kind: sources.SourceKind, receiver_name: str, target: Document | dict | str | None
) -> Document:
	"""Return an unsaved document of `kind` with what is left of a receiver; the header of a `target` stays.

	Raises frappe.ValidationError, saying why, when nothing is left, or the receiver does not go with `target`.
	"""
	document = read_target(target)
	left = sources.find_left(kind, receiver_name, document)
	rows = [row for row in document.lines if row.item] if document else []
	if document:
		document.set("lines", rows)
	result = map_lines(
		("AO Receiver", "AO Receiver Line"),
		receiver_name,
		(kind.document, f"{kind.document} Line", "receiver"),
		left,
		document,
		keep_header=bool(rows),
	)
	set_totals(result, UNIT_COST, ZERO)
	return result
