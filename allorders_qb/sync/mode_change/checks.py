"""What has to hold before the inventory mode is changed: each with a sentence, and a link to where it is put right."""

from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

import frappe
from frappe import _
from frappe.utils import fmt_money, formatdate, getdate

from allorders_qb.fulfilment.receiving import BILL_LATER
from allorders_qb.money import to_decimal
from allorders_qb.stock.quantities import QUANTITY_PLACES, format_quantity
from allorders_qb.stock.recosting import list_due_items
from allorders_qb.sync import rows
from allorders_qb.sync.connection import explain_not_ready, get_company_profile, get_connection
from allorders_qb.sync.inventory import COUNTED
from allorders_qb.sync.inventory_settings import check_change
from allorders_qb.sync.mode_change.records import CHANGE
from allorders_qb.sync.registry import POSTING_TYPES

HELD_TYPES = (*(one for one in POSTING_TYPES if one != CHANGE), "AO Item")
"""Whatever goes by the inventory mode: none of it is on its way when a change begins."""
SHOWN = 5
"""So many of what is wrong are named."""


@dataclass(frozen=True)
class Check:
	"""One condition: what it is about, whether it holds, the sentence, and a document (or a list) to go to."""

	title: str
	holds: bool
	sentence: str
	link_doctype: str | None = None
	link_name: str | None = None

	def show(self) -> dict[str, Any]:
		return asdict(self)


@dataclass(frozen=True)
class Seen:
	"""QuickBooks at that moment: on hand by the id of its item, and the balance by the id of its account."""

	quantities: dict[str, Decimal]
	balances: dict[str, Decimal]


def list_checks(doc: Any, seen: Seen | None) -> list[Check]:
	"""Every condition for a change as its lines stand; ``seen`` is None where QuickBooks could not be asked."""
	checks = [_check_connection(doc, seen), _check_accounts(doc), *_check_queue(), _check_sent(doc)]
	checks += [_check_billed(), _check_costs(), _check_period(doc)]
	return checks + ([_check_quantities(doc, seen), _check_value(doc)] if seen else [])


def _check_connection(doc: Any, seen: Seen | None) -> Check:
	reason = explain_not_ready(get_connection())
	if not reason and not seen:
		reason = _("QuickBooks has not been looked at yet. Press Check.")
	return Check(_("Connection"), not reason, reason or _("QuickBooks was asked."), "QuickBooks Settings")


def _check_accounts(doc: Any) -> Check:
	reasons = check_change(doc.to_mode, doc.new_asset_account, doc.transfer_account)
	sentence = " ".join(reasons) or _("The company and its accounts fit {0}.").format(_(doc.to_mode))
	return Check(_("Company and Accounts"), not reasons, sentence, "QuickBooks Settings")


def _check_queue() -> list[Check]:
	found = frappe.get_all(
		rows.QUEUE,
		filters={
			"reference_doctype": ("in", HELD_TYPES),
			"status": ("in", rows.OPEN_STATUSES),
		},
		fields=["name", "reference_name"],
		order_by="creation",
		limit=SHOWN,
	)
	if not found:
		return [Check(_("Queue"), True, _("Everything that was to be sent is in QuickBooks."))]
	sentence = _("{0} is still in the queue. Let it be sent, or take it out.").format(
		", ".join(dict.fromkeys(row.reference_name for row in found))
	)
	return [Check(_("Queue"), False, sentence, rows.QUEUE, found[0].name)]


def _check_sent(doc: Any) -> Check:
	"""What has moved stock here and was never sent would move it there once more, by the rules of the new mode."""
	start = frappe.db.get_single_value("QuickBooks Settings", "inventory_start_date")
	for posting_type in POSTING_TYPES.values():
		if posting_type.guided or posting_type.doctype == "AO Payment":
			continue
		found = frappe.get_all(
			posting_type.doctype,
			filters={
				"docstatus": 1,
				"never_send": 0,
				"quickbooks_status": ("in", ("Not Sent", "")),
				"posting_date": (">=", start),
			},
			pluck="name",
			order_by="creation",
			limit=SHOWN,
		)
		if found:
			sentence = _(
				"{0} has happened and is not in QuickBooks. Send it first, or say Never Send."
			).format(", ".join(found))
			return Check(_("Documents"), False, sentence, posting_type.doctype, found[0])
	return Check(_("Documents"), True, _("Everything that moved stock is in QuickBooks."))


def _check_billed() -> Check:
	line, head = frappe.qb.DocType("AO Receiver Line"), frappe.qb.DocType("AO Receiver")
	found = (
		frappe.qb.from_(line)
		.join(head)
		.on(head.name == line.parent)
		.select(head.name)
		.distinct()
		.where((head.docstatus == 1) & (head.billing == BILL_LATER) & (head.never_send == 0))
		.where(line.billed_quantity < line.stock_quantity)
		.orderby(head.name)
		.limit(SHOWN)
		.run(pluck=True)
	)
	if not found:
		return Check(_("Bills"), True, _("Everything that was received is billed."))
	sentence = _("{0} was received and is not billed. Enter the vendor's bill first.").format(
		", ".join(found)
	)
	return Check(_("Bills"), False, sentence, "AO Receiver", found[0])


def _check_costs() -> Check:
	"""What is worked out anew afterwards would change what was booked by the rules of the old mode."""
	title, due = _("Costs"), list_due_items()
	if not due:
		return Check(title, True, _("Every cost is worked out."))
	sentence = _(
		"The cost of {0} is being worked out anew after a back-dated document. Check again in a minute."
	).format(", ".join(due[:SHOWN]))
	return Check(title, False, sentence, "AO Item", due[0])


def _check_period(doc: Any) -> Check:
	connection = get_connection()
	closed = (
		get_company_profile(connection).book_close_date if connection and connection.preferences else None
	)
	title = _("Period")
	if closed and getdate(doc.posting_date) <= closed:
		return Check(
			title,
			False,
			_("{0} lies in a period that is closed in QuickBooks (until {1}). Choose a later day.").format(
				formatdate(doc.posting_date), formatdate(closed)
			),
		)
	later = _find_later(doc)
	if later:
		return Check(
			title,
			False,
			_("{0} {1} is dated after {2}. Choose that day, or a later one.").format(
				_(later.voucher_type), later.voucher_no, formatdate(doc.posting_date)
			),
			later.voucher_type,
			later.voucher_no,
		)
	return Check(title, True, _("{0} is open.").format(formatdate(doc.posting_date)))


def _find_later(doc: Any) -> frappe._dict | None:
	found = frappe.get_all(
		"AO Stock Ledger Entry",
		filters={"posting_date": (">", doc.posting_date)},
		fields=["voucher_type", "voucher_no"],
		order_by="posting_date desc",
		limit=1,
	)
	return found[0] if found else None


def _check_quantities(doc: Any, seen: Seen) -> Check:
	title, wrong = _("Quantities"), []
	for line in doc.lines:
		ours = to_decimal(line.quantity, QUANTITY_PLACES)
		theirs = seen.quantities.get(line.old_id, Decimal(0)) if doc.from_mode == COUNTED else ours
		if ours < 0:
			wrong.append((line.item, _("{0} is below zero ({1})").format(line.item, format_quantity(ours))))
		elif ours != theirs:
			wrong.append(
				(
					line.item,
					_("{0}: {1} here, {2} in QuickBooks").format(
						line.item, format_quantity(ours), format_quantity(theirs)
					),
				)
			)
	if not wrong:
		return Check(title, True, _("What is on hand is the same on both sides, and nothing is below zero."))
	named = "; ".join(sentence for _item, sentence in wrong[:SHOWN])
	return Check(title, False, _("Count and adjust first. {0}.").format(named), "AO Item", wrong[0][0])


def _check_value(doc: Any) -> Check:
	title, difference = _("Value"), to_decimal(doc.difference, 2)
	if not difference:
		return Check(title, True, _("Inventory in QuickBooks is what All Orders says, to the cent."))
	sentence = _(
		"QuickBooks has {0} on inventory, All Orders values it at {1}. Bring the difference of {2} up to date first, or tick Go On With This Difference: it then stays where it is."
	).format(*(fmt_money(amount, 2) for amount in (doc.quickbooks_value, doc.total_value, doc.difference)))
	return Check(title, bool(doc.accept_difference), sentence, "AO Cost True-Up")
