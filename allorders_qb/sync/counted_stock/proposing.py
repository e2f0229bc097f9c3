"""The true-up where QuickBooks counts too: a draft of what was read, and what is looked at once more when it is submitted."""

from datetime import date
from decimal import Decimal
from typing import Any

import frappe
from frappe import _
from frappe.utils import format_datetime, formatdate, getdate, now_datetime

from allorders_qb.money import to_decimal
from allorders_qb.sync.connection import SETTINGS
from allorders_qb.sync.counted_stock.booked import TRUE_UP, read_booked
from allorders_qb.sync.counted_stock.differences import Differences
from allorders_qb.sync.counted_stock.groups import find_groups
from allorders_qb.sync.counted_stock.our_side import SETTLED, Moved, merge_groups, read_moved
from allorders_qb.sync.counted_stock.reading import get_asset_accounts

TITLE = "Cost True-Up"
ZERO = Decimal(0)


def refuse_unsettled(day: date, name: str | None = None) -> None:
	"""Refuse a true-up of ``day`` while another one (``name`` is its own) is on its way, or is dated later."""
	if reason := explain_unsettled(day, name):
		frappe.throw(reason, title=_(TITLE))


def explain_unsettled(day: date, name: str | None = None) -> str | None:
	"""Why there can be no true-up of ``day`` beside the others (``name`` is its own); None where there can."""
	for other in frappe.get_all(
		TRUE_UP,
		filters={"docstatus": 1, "never_send": 0, "name": ("!=", name or "")},
		fields=["name", "posting_date", "quickbooks_status", "quickbooks_reason"],
		order_by="posting_date desc, creation desc",
	):
		if other.quickbooks_status not in SETTLED:
			return _(
				"{0} is not in QuickBooks as it should be, so what is booked already is not sure. {1}"
			).format(other.name, other.quickbooks_reason or "")
		if getdate(other.posting_date) > day:
			return _("{0} is dated {1}. A true-up can't be dated before one that was posted.").format(
				other.name, formatdate(other.posting_date)
			)
	return None


def fill(doc: Any, found: Differences) -> None:
	"""Put what was found into a draft; what a person has decided about an item stays."""
	decided = {row.item: (row.account, row.reason) for row in doc.get("items") or () if row.account}
	doc.posting_date = doc.read_for = found.day
	doc.read_at = now_datetime()
	doc.set("lines", [one.show() for one in found.explained])
	doc.set("items", [])
	for item in found.items:
		account, reason = decided.get(item.item, (None, None)) if item.unexplained else (None, None)
		doc.append("items", {**item.show(), "account": account, "reason": reason})


def protect_reading(doc: Any) -> None:
	"""Put back what a form, REST or an import sends for what was read; of an item a person says where it is booked, and why."""
	if doc.flags.was_read:
		return
	before = None if doc.is_new() else doc.get_doc_before_save()
	decided = {row.item: (row.account, row.reason) for row in doc.get("items") or ()}
	for fieldname in ("read_at", "read_for"):
		doc.set(fieldname, before.get(fieldname) if before else None)
	doc.set("lines", [line.as_dict() for line in before.lines] if before else [])
	doc.set("items", [row.as_dict() for row in before.get("items")] if before else [])
	for row in doc.get("items"):
		row.account, row.reason = decided.get(row.item, (None, None))
	doc.add_up()


def check_before_submit(doc: Any) -> None:
	"""Refuse what is not as it was read: another day, our own value, or something booked meanwhile."""
	if not doc.read_at or getdate(doc.read_for) != getdate(doc.posting_date):
		frappe.throw(
			_("Press Read QuickBooks Again: what {0} holds was not read for {1}.").format(
				doc.name, formatdate(doc.posting_date)
			),
			title=_(TITLE),
		)
	# Two people who submit at once do it one after the other.
	frappe.db.get_value("DocType", TRUE_UP, "name", for_update=True)
	refuse_unsettled(getdate(doc.posting_date), doc.name)
	settings = frappe.get_cached_doc(SETTINGS)
	start, day = getdate(settings.inventory_start_date), getdate(doc.posting_date)
	raw, groups = read_moved(start, day), find_groups()
	ours = merge_groups(raw, groups)
	booked = read_booked(settings.realm_id, groups, settings, start, day)
	for line in doc.lines:
		one = Moved(line.reference_doctype, line.reference_name, line.item)
		now = ours.get(one, ZERO), booked.moved.get(one, ZERO)
		if now != (to_decimal(line.ledger_value, 2), to_decimal(line.booked_value, 2)):
			_refuse_changed(
				doc, _("What {0} is worth, or what is booked of it, has changed").format(one.name)
			)
	stands = booked.sum_by_item()
	for row in doc.items:
		if row.account and stands[row.item] != to_decimal(row.booked, 2):
			_refuse_changed(doc, _("What is booked of {0} has changed").format(row.item))
	_check_decided(doc, settings)


def _refuse_changed(doc: Any, happened: str) -> None:
	frappe.throw(
		_("{0} since QuickBooks was read on {1}. Press Read QuickBooks Again.").format(
			happened, format_datetime(doc.read_at)
		),
		title=_(TITLE),
	)


def _check_decided(doc: Any, settings: Any) -> None:
	"""A person who books what no document explains says where to, and why; the items' own account is QuickBooks' alone."""
	own = set(get_asset_accounts(settings.realm_id))
	for row in doc.items:
		if row.account and not to_decimal(row.unexplained, 2):
			row.account = row.reason = None
		if not row.account:
			continue
		if not (row.reason or "").strip():
			frappe.throw(
				_("Row {0}: say why {1} of {2} is booked on {3} though no document explains it.").format(
					row.idx, to_decimal(row.unexplained, 2), row.item, row.account
				),
				title=_(TITLE),
			)
		account = frappe.db.get_value("QuickBooks Account", row.account, "quickbooks_id")
		if account in own or row.account == settings.cost_difference_account:
			frappe.throw(
				_("Row {0}: no journal entry touches {1}. Choose another account.").format(
					row.idx, row.account
				),
				title=_(TITLE),
			)
	if not doc.lines and not any(row.account for row in doc.items):
		frappe.throw(
			_(
				"There is nothing to book: no document explains a difference. Choose an account for what is unexplained, or leave it."
			),
			title=_(TITLE),
		)
