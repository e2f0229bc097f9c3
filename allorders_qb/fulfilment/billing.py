"""AO Vendor Bill: receive now, bill later. What a bill says against what was received at, and the carrier's against the estimate.

A difference goes to what is still on hand of the receipt and, for what has left, to cost of goods. A bill covers many
receivers, or part of one; a line of freight and duty is billed once, by whomever carried it.
"""

from __future__ import annotations

from decimal import Decimal

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import formatdate, getdate

from allorders_qb.fulfilment import receiving, sources
from allorders_qb.fulfilment.arithmetic import CANCELLED, DRAFT, SUBMITTED, ZERO
from allorders_qb.fulfilment.buying_entry import read_buying_items
from allorders_qb.fulfilment.landed_cost import spread_cost
from allorders_qb.fulfilment.receiving import BILL_LATER, list_bearing_lines
from allorders_qb.fulfilment.refusal import refuse
from allorders_qb.fulfilment.ship_doc_maker import read_target
from allorders_qb.fulfilment.vendor_returning import build_from_receiver
from allorders_qb.money import multiply, round_half_up, to_decimal
from allorders_qb.stock.entries import find_line_entries
from allorders_qb.stock.ledger import record_movements
from allorders_qb.stock.movements import RECEIPT, Moved, Movement
from allorders_qb.stock.quantities import QUANTITY_PLACES

STATUS = {DRAFT: "Draft", SUBMITTED: "Billed", CANCELLED: "Cancelled"}


def say(name: str) -> str:
	"""Return a sentence about billing what was received."""
	return {
		"title": _("Not Possible for This Receiver"),
		"not_on": _("Row {0}: {1} was not received on {2}."),
		"another_line": _(
			"Row {0}: {1} is not what was received on that line of {2}. Take the row out and use Get Items From."
		),
		"not_happened": _("Row {0}: {1} was not received; only what was received is billed."),
		"other_party": _(
			"Row {0}: {1} came from {2}, and this bill is of {3}. Bill it on a document of its own."
		),
		"other_currency": _("Row {0}: {1} is in {2}; this bill is in {3}. Bill it on a document of its own."),
		"before": _(
			"Row {0}: {1} was received on {2}; a bill that follows cannot be of {3}. Correct its date."
		),
		"too_much": _(
			"Row {0}: {1} of {2} is more than the {3} of {4} that are not billed yet (received {5}, billed {6}). Lower the quantity."
		),
		"nothing_left": _("Nothing of {0} is left to be billed."),
		"nothing": _("Nothing to Bill"),
		"mixed": _("{0} came from {1} in {2}; this bill is of {3} in {4}."),
		"another_party": _("Another Vendor"),
		"taken": _("{0} cannot be cancelled: it was billed on {1}. Cancel that first."),
	}[name]


BILLED = sources.SourceKind(
	doctype="AO Receiver",
	party_field="vendor",
	quantity_field="stock_quantity",
	taken_field="billed_quantity",
	document="AO Vendor Bill",
	source_field="receiver",
	moved_field="stock_quantity",
	say=say,
)


def check_bill(bill: Document) -> None:
	"""Refuse a bill of nothing, of receivers that are billed by themselves, and freight and duty that does not fit."""
	if not bill.lines and not bill.landed_costs:
		refuse([_("There is nothing on this bill. Use Get Items From > Receiver.")], _("Nothing to Bill"))
	sources.check_sources(BILLED, bill)
	names = {row.receiver for row in [*bill.lines, *bill.landed_costs] if row.receiver}
	receivers = {
		row.name: row
		for row in frappe.get_all(
			"AO Receiver",
			filters={"name": ("in", sorted(names) or [""])},
			fields=["name", "billing", "docstatus", "posting_date"],
			order_by="name",
		)
	}
	reasons = [
		_(
			"Row {0}: {1} was billed with its receipt. Only receivers whose Billing is Bill Later get a vendor bill for their goods."
		).format(row.idx, row.receiver)
		for row in bill.lines
		if receivers[row.receiver].billing != BILL_LATER
	]
	refuse(reasons + find_landed_faults(bill, receivers), _("Not Possible for This Receiver"))


def find_landed_faults(bill: Document, receivers: dict[str, frappe._dict]) -> list[str]:
	"""Return why lines of freight and duty cannot be billed; locks them when the bill is being submitted."""
	estimates = read_landed_costs(
		[row.landed_cost for row in bill.landed_costs], lock=bill.docstatus == SUBMITTED
	)
	reasons, seen = [], set()
	for row in bill.landed_costs:
		where = _("Freight and duty, row {0}").format(row.idx)
		estimate, receiver = estimates.get(row.landed_cost), receivers.get(row.receiver)
		row.amount = float(to_decimal(row.amount, 2))
		if estimate is None or estimate.parent != row.receiver:
			reasons.append(
				_(
					"{0}: it is no line of freight and duty of {1}. Take the row out and use Get Items From."
				).format(where, row.receiver)
			)
			continue
		row.description = row.description or estimate.description
		row.estimated_amount = estimate.amount
		if receiver.docstatus != SUBMITTED:
			reasons.append(_("{0}: {1} was not received yet. Submit it first.").format(where, row.receiver))
		elif getdate(bill.posting_date) < getdate(receiver.posting_date):
			reasons.append(
				_("{0}: {1} was received on {2}; its bill cannot be of {3}. Correct its date.").format(
					where, row.receiver, formatdate(receiver.posting_date), formatdate(bill.posting_date)
				)
			)
		if estimate.is_billed or row.landed_cost in seen:
			reasons.append(
				_("{0}: {1} of {2} is billed already. Take the row out.").format(
					where, estimate.description, row.receiver
				)
			)
		if row.amount < 0:
			reasons.append(_("{0}: the amount cannot be negative; it is {1}.").format(where, row.amount))
		seen.add(row.landed_cost)
	return reasons


def read_landed_costs(names: list[str | None], lock: bool = False) -> dict[str, frappe._dict]:
	"""Return lines of freight and duty of receivers by row name; with `lock` they stay ours until the transaction ends."""
	wanted = sorted({name for name in names if name})
	if not wanted:
		return {}
	table = frappe.qb.DocType("AO Landed Cost")
	query = (
		frappe.qb.from_(table)
		.select(table.name, table.parent, table.description, table.amount, table.spread_by, table.is_billed)
		.where(table.name.isin(wanted))
		.orderby(table.name)
	)
	return {row.name: row for row in (query.for_update() if lock else query).run(as_dict=True)}


def set_bill_values(bill: Document) -> None:
	"""Compute what the bill comes to in home money, and by how much it differs from what was received at."""
	receiving.set_goods_costs(bill)
	rate = to_decimal(bill.exchange_rate) or Decimal(1)
	received = read_received_costs(
		[row.receiver_line for row in bill.lines], lock=bill.docstatus == SUBMITTED
	)
	for row in bill.lines:
		unbilled, quantity = received[row.receiver_line], to_decimal(row.stock_quantity, QUANTITY_PLACES)
		row.landed_cost = float(unbilled.take_landed(quantity))
		part = unbilled.take(quantity)
		row.received_cost = float(part)
		row.difference = float(to_decimal(row.goods_cost, 2) - part)
	for row in bill.landed_costs:
		# With the tax that is part of the cost, as goods are.
		worth = to_decimal(row.net_amount, 2) + to_decimal(row.tax_amount, 2)
		row.home_amount = float(round_half_up(multiply(worth, rate)))
		row.difference = float(to_decimal(row.home_amount, 2) - to_decimal(row.estimated_amount, 2))
	landed = sum((to_decimal(row.amount, 2) for row in bill.landed_costs), ZERO)
	bill.subtotal = float(sum((to_decimal(row.amount, 2) for row in bill.lines), landed))


class Unbilled:
	"""What of a receiver's line is not billed yet: units, what they were received at, and the freight and duty they bear."""

	def __init__(self, quantity: Decimal, cost: Decimal, landed: Decimal):
		self.quantity, self.cost, self.landed = quantity, cost, landed

	def take(self, quantity: Decimal) -> Decimal:
		"""Return what so many units were received at; the last of them take the rest."""
		whole = quantity >= self.quantity
		part = self.cost if whole else round_half_up(multiply(self.cost, quantity) / self.quantity)
		self.quantity, self.cost = self.quantity - quantity, self.cost - part
		return part

	def take_landed(self, quantity: Decimal) -> Decimal:
		"""Return what of freight and duty so many units bear; asked for before `take`."""
		whole = quantity >= self.quantity
		part = self.landed if whole else round_half_up(multiply(self.landed, quantity) / self.quantity)
		self.landed -= part
		return part


def read_received_costs(names: list[str], lock: bool = False) -> dict[str, Unbilled]:
	"""Return what is not billed yet of receivers' lines, by row name; with `lock`, as others have committed it meanwhile."""
	table = frappe.qb.DocType("AO Receiver Line")
	wanted = sorted({name for name in names if name}) or [""]
	query = (
		frappe.qb.from_(table)
		.select(
			table.name,
			table.stock_quantity,
			table.billed_quantity,
			table.goods_cost,
			table.billed_cost,
			table.landed_cost,
		)
		.where(table.name.isin(wanted))
		.orderby(table.name)
	)
	found = (query.for_update() if lock else query).run(as_dict=True)
	billed = read_billed_landed(wanted, lock)
	return {
		row.name: Unbilled(
			to_decimal(row.stock_quantity, QUANTITY_PLACES)
			- to_decimal(row.billed_quantity, QUANTITY_PLACES),
			to_decimal(row.goods_cost, 2) - to_decimal(row.billed_cost, 2),
			to_decimal(row.landed_cost, 2) - billed.get(row.name, ZERO),
		)
		for row in found
	}


def read_billed_landed(names: list[str], lock: bool = False) -> dict[str, Decimal]:
	"""Return what of freight and duty of receivers' lines is on submitted bills, by row name of the receiver's line."""
	table = frappe.qb.DocType("AO Vendor Bill Line")
	query = (
		frappe.qb.from_(table)
		.select(table.receiver_line, table.landed_cost)
		.where(table.receiver_line.isin(names) & (table.docstatus == SUBMITTED))
		.orderby(table.name)
	)
	sums: dict[str, Decimal] = {}
	for line, landed in (query.for_update() if lock else query).run():
		sums[line] = sums.get(line, ZERO) + to_decimal(landed, 2)
	return sums


def record_bill(bill: Document) -> None:
	"""Count a submitted bill on its receivers, and put the value of what was received right."""
	sources.record_taking(BILLED, bill)
	_mark_billed(bill, 1)
	_write_moved(bill, record_movements(build_movements(bill)))


def undo_bill(bill: Document) -> None:
	"""Take a cancelled bill off its receivers again."""
	sources.record_taking(BILLED, bill, sign=-1)
	_mark_billed(bill, -1)


def _mark_billed(bill: Document, sign: int) -> None:
	for row in bill.lines:
		table = frappe.qb.DocType("AO Receiver Line")
		(
			frappe.qb.update(table)
			.set(table.billed_cost, table.billed_cost + sign * row.received_cost)
			.where(table.name == row.receiver_line)
			.run()
		)
	for row in bill.landed_costs:
		frappe.db.set_value(
			"AO Landed Cost",
			row.landed_cost,
			{"is_billed": int(sign > 0), "billed_amount": row.home_amount if sign > 0 else 0},
			update_modified=False,
		)


def build_movements(bill: Document) -> list[Movement]:
	"""Return the changes of value of the receipts that a bill puts right; those of a line bear that line's name."""
	receivers = sorted({row.receiver for row in [*bill.lines, *bill.landed_costs]})
	receipts = find_line_entries("AO Receiver", receivers, RECEIPT)
	items = {row.receiver_line: row.item for row in bill.lines}
	changes = [
		(row.name, items[row.receiver_line], row.receiver_line, to_decimal(row.difference, 2))
		for row in bill.lines
	]
	for row in bill.landed_costs:
		changes += [(row.name, *change) for change in spread_difference(row)]
	return [
		Movement(
			item=item,
			location=None,
			quantity=ZERO,
			posting_date=getdate(bill.posting_date),
			voucher_type=bill.doctype,
			voucher_no=bill.name,
			voucher_line=line,
			value=difference,
			value_of=receipts[receiver_line],
		)
		for line, item, receiver_line, difference in changes
		if difference and receiver_line in receipts
	]


def spread_difference(row: Document) -> list[tuple[str, str, Decimal]]:
	"""Return (item, receiver's line, difference) of an actual landed cost: what each line bears of it, less what it bore."""
	receiver = frappe.get_doc("AO Receiver", row.receiver)
	estimate = next(cost for cost in receiver.landed_costs if cost.name == row.landed_cost)
	bearing = list_bearing_lines(receiver, read_buying_items(line.item for line in receiver.lines))
	before = spread_cost(to_decimal(estimate.amount, 2), estimate.spread_by, bearing)
	after = spread_cost(to_decimal(row.home_amount, 2), estimate.spread_by, bearing)
	items = {line.name: line.item for line in receiver.lines}
	return [(items[name], name, after[name] - before[name]) for name in after]


def _write_moved(bill: Document, moved: dict[str, Moved]) -> None:
	total = Moved()
	for row in [*bill.lines, *bill.landed_costs]:
		# Goods that are not counted have no layer: the whole difference is an expense of its own, and nothing moves.
		change = moved.get(row.name, Moved())
		row.db_set(
			{"revalued_amount": float(change.value), "charged_amount": float(change.charged)},
			update_modified=False,
		)
		total += change
	bill.db_set(
		{"revalued_amount": float(total.value), "charged_amount": float(total.charged)}, update_modified=False
	)


def refuse_cancel_of_billed_freight(receiver: Document) -> None:
	"""Refuse to cancel a receiver whose freight or duty has been billed, naming the bills."""
	bills = frappe.get_all(
		"AO Vendor Bill Landed Cost",
		filters={"receiver": receiver.name, "docstatus": SUBMITTED},
		pluck="parent",
		distinct=True,
		order_by="parent",
	)
	if bills:
		refuse(
			[
				_(
					"{0} cannot be cancelled: its freight or duty was billed on {1}. Cancel that first."
				).format(receiver.name, ", ".join(bills))
			],
			_("Cannot Cancel"),
		)


def build_vendor_bill(receiver_name: str, target: Document | dict | str | None = None) -> Document:
	"""Return an unsaved AO Vendor Bill of what is not billed yet of a receiver, added to `target` when given.

	Of a receiver that is billed with its receipt, or by another vendor, that is its freight and duty alone.
	"""
	receiver = frappe.get_doc("AO Receiver", receiver_name)
	bill = read_bill(target)
	held = {row.landed_cost for row in bill.landed_costs} if bill else set()
	vendor = bill.vendor if bill else None
	open_costs = [
		cost
		for cost in receiver.landed_costs
		if not cost.is_billed
		and cost.name not in held
		and (not vendor or vendor == (cost.vendor or receiver.vendor))
	]
	has_goods = receiver.billing == BILL_LATER and (not vendor or vendor == receiver.vendor)
	if has_goods and any(
		to_decimal(row.stock_quantity) > to_decimal(row.billed_quantity) for row in receiver.lines
	):
		bill = build_from_receiver(BILLED, receiver_name, bill)
	elif not open_costs or receiver.docstatus != SUBMITTED:
		refuse([say("nothing_left").format(receiver_name)], say("nothing"))
	bill = bill or frappe.new_doc("AO Vendor Bill")
	bill.vendor = bill.vendor or open_costs[0].vendor or receiver.vendor
	for cost in open_costs:
		if (cost.vendor or receiver.vendor) == bill.vendor:
			bill.append(
				"landed_costs",
				{
					"receiver": receiver.name,
					"landed_cost": cost.name,
					"description": cost.description,
					"amount": cost.amount,
					"estimated_amount": cost.amount,
				},
			)
	return bill


def read_bill(target: Document | dict | str | None) -> Document | None:
	"""Return the bill to add to as a document, without rows that nobody has filled; a client sends it as JSON."""
	bill = read_target(target)
	if bill:
		bill.set("lines", [row for row in bill.lines if row.item])
		bill.set("landed_costs", [row for row in bill.landed_costs if row.landed_cost])
	return bill
