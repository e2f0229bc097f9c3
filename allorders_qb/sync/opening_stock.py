"""Opening stock posts nothing, and must be what QuickBooks has on its inventory asset account already: compared, and where it is
not, a person says why. Source: ``accounting.md`` 6 of the design notes.
"""

from datetime import date
from decimal import Decimal
from typing import Any

import frappe
from frappe import _
from frappe.query_builder.functions import Sum
from frappe.utils import fmt_money, formatdate, getdate, now_datetime

from allorders_qb.money import to_decimal
from allorders_qb.qbo.client import QuickBooksClient
from allorders_qb.qbo.reports import TRIAL_BALANCE, read_trial_balance
from allorders_qb.stock.counting import build_movements
from allorders_qb.stock.entries import ENTRY
from allorders_qb.sync.asking import ask_quickbooks
from allorders_qb.sync.connection import SETTINGS
from allorders_qb.sync.counted_stock.reading import read_total
from allorders_qb.sync.inventory import COUNTED, NOT_CHOSEN

OPENING_STOCK = "AO Opening Stock"
COMPARED = ("our_value", "quickbooks_value", "quickbooks_difference", "compared_for", "compared_at")
FIELDS = (*COMPARED, "difference_accepted_by")
EVER = "1900-01-01"
ZERO = Decimal(0)
TITLE = "Opening Stock"


def compare(name: str) -> dict[str, Any]:
	"""Compare what all our stock is worth at the end of a document's day, with the document, to QuickBooks' inventory; the fields
	that say so. Commits before it writes them onto the document; throws why QuickBooks could not be asked.
	"""
	settings = frappe.get_cached_doc(SETTINGS)
	if (settings.inventory_mode or NOT_CHOSEN) == NOT_CHOSEN:
		frappe.throw(
			_("Choose an inventory mode in QuickBooks Settings first: it says which account is your stock."),
			title=_(TITLE),
		)
	day = getdate(frappe.db.get_value(OPENING_STOCK, name, "posting_date"))
	theirs = ask_quickbooks(lambda client, _realm_id: _read_theirs(client, settings, day), _(TITLE))
	ours = sum_ours(frappe.get_doc(OPENING_STOCK, name))
	found = {
		"our_value": float(ours),
		"quickbooks_value": float(theirs),
		"quickbooks_difference": float(ours - theirs),
		"compared_for": day,
		"compared_at": now_datetime(),
	}
	frappe.db.set_value(OPENING_STOCK, name, found, update_modified=False)
	return found


def _read_theirs(client: QuickBooksClient, settings: Any, day: date) -> Decimal:
	"""What QuickBooks' stock is worth at the end of a day: by its own count, or on the account where it keeps values alone."""
	if settings.inventory_mode == COUNTED:
		return read_total(client, day)
	account = frappe.db.get_value("QuickBooks Account", settings.inventory_asset_account, "quickbooks_id")
	report = client.report(TRIAL_BALANCE, {"start_date": EVER, "end_date": day.isoformat()})
	return read_trial_balance(report).get(account, ZERO)


def sum_ours(doc: Any) -> Decimal:
	"""What all our stock is worth at the end of a document's day, with the document: submitted, or as if it were."""
	entry = frappe.qb.DocType(ENTRY)
	found = (
		frappe.qb.from_(entry)
		.select(Sum(entry.value_change))
		.where((entry.posting_date <= getdate(doc.posting_date)) & (entry.voucher_no != (doc.name or "")))
		.run()
	)
	own = sum((movement.value for movement in build_movements(doc)), ZERO) if doc.docstatus < 2 else ZERO
	return to_decimal(found[0][0] if found else 0, 2) + own


def protect_comparison(doc: Any, method: str | None = None) -> None:
	"""Before saving: what was compared is written by comparing alone, whatever a form, REST or an import sends."""
	before = None if doc.is_new() else doc.get_doc_before_save()
	for fieldname in FIELDS:
		doc.set(fieldname, before.get(fieldname) if before else None)


def check_comparison(doc: Any, method: str | None = None) -> None:
	"""Before submit: refuse what nobody has compared with QuickBooks, or what differs from it, unless a person says why."""
	settings = frappe.get_cached_doc(SETTINGS)
	if (settings.inventory_mode or NOT_CHOSEN) == NOT_CHOSEN or not settings.realm_id:
		return
	has_reason = bool((doc.difference_reason or "").strip())
	if not _is_compared(doc):
		if not has_reason:
			frappe.throw(
				_(
					"{0} has to be worth what QuickBooks has as inventory on {1}. Press Compare With QuickBooks, or say in {2} why it is not compared."
				).format(doc.name, formatdate(doc.posting_date), _(doc.meta.get_label("difference_reason"))),
				title=_(TITLE),
			)
		for fieldname in COMPARED:
			doc.set(fieldname, None)
	elif to_decimal(doc.quickbooks_difference, 2) and not has_reason:
		frappe.throw(
			_(
				"Our stock is worth {0} on {1} with {2}, QuickBooks' is worth {3}: they differ by {4}. Correct the lines or QuickBooks and compare again, or say in {5} why that is accepted."
			).format(
				fmt_money(doc.our_value, 2),
				formatdate(doc.posting_date),
				doc.name,
				fmt_money(doc.quickbooks_value, 2),
				fmt_money(doc.quickbooks_difference, 2),
				_(doc.meta.get_label("difference_reason")),
			),
			title=_(TITLE),
		)
	else:
		has_reason = has_reason and bool(to_decimal(doc.quickbooks_difference, 2))
	doc.difference_accepted_by = frappe.session.user if has_reason else None


def _is_compared(doc: Any) -> bool:
	"""Whether it was compared as it is now, for the day that it bears now."""
	return bool(
		doc.compared_at
		and getdate(doc.compared_for) == getdate(doc.posting_date)
		and to_decimal(doc.our_value, 2) == sum_ours(doc)
	)
