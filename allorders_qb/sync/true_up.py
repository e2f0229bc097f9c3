"""What was posted for documents against what they cost by now, and the one draft that posts the difference.

A journal that was posted is never altered: a back-dated document re-values what follows it, and what that changes about the
documents that were posted before is listed here, per document, and posted in the first open period.
Source: ``accounting.md`` 6 of the design notes.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import frappe
from frappe import _
from frappe.query_builder.functions import Sum
from frappe.utils import getdate

from allorders_qb.mapping.search import list_moves
from allorders_qb.money import to_decimal
from allorders_qb.stock.entries import ENTRY
from allorders_qb.stock.movements import REVALUATION
from allorders_qb.sync.connection import SETTINGS, get_company_profile, get_connection, get_realm_id
from allorders_qb.sync.inventory import VALUES
from allorders_qb.sync.links import LINK, load_object
from allorders_qb.sync.registry import POSTING_TYPES

TRUE_UP = "AO Cost True-Up"
LINE = "AO Cost True-Up Line"
ZERO = Decimal(0)


@dataclass(frozen=True)
class Difference:
	"""What one document did to inventory: as posted (true-ups included) and by our ledger now, in home currency."""

	doctype: str
	name: str
	posting_date: date
	posted: Decimal
	current: Decimal
	account: str

	def show(self) -> dict[str, Any]:
		"""As a line of a true-up."""
		return {
			"reference_doctype": self.doctype,
			"reference_name": self.name,
			"posted_value": float(self.posted),
			"current_value": float(self.current),
			"difference": float(self.current - self.posted),
			"account": self.account,
		}


def list_differences() -> list[Difference]:
	"""Every posted document whose cost is another by now, the oldest first. Only where values alone are kept in QuickBooks:
	where it counts too it re-values by itself."""
	settings = frappe.get_cached_doc(SETTINGS)
	realm_id = get_realm_id()
	if settings.inventory_mode != VALUES or not realm_id:
		return []
	asset = frappe.db.get_value("QuickBooks Account", settings.inventory_asset_account, "quickbooks_id")
	found = []
	for doctype, name, current in _list_revalued():
		posted = _read_posted(realm_id, doctype, name, asset)
		if posted is None:
			continue
		posted += _sum_trued_up(doctype, name)
		if posted != current:
			day = getdate(frappe.db.get_value(doctype, name, "posting_date"))
			account = _get_account(doctype, name, settings)
			found.append(Difference(doctype, name, day, posted, current, account))
	return sorted(found, key=lambda one: (one.posting_date, one.name))


def _list_revalued() -> list[tuple[str, str, Decimal]]:
	"""(DocType, name, value moved by now) of the documents that were re-valued after they had moved stock."""
	entry, revalued = frappe.qb.DocType(ENTRY), frappe.qb.DocType(ENTRY).as_("revalued")
	touched = (
		frappe.qb.from_(revalued)
		.select(revalued.voucher_type, revalued.voucher_no)
		.where((revalued.kind == REVALUATION) & revalued.voucher_type.isin(list(POSTING_TYPES)))
		.distinct()
	).as_("touched")
	rows = (
		frappe.qb.from_(touched)
		.join(entry)
		.on((entry.voucher_type == touched.voucher_type) & (entry.voucher_no == touched.voucher_no))
		.select(entry.voucher_type, entry.voucher_no, Sum(entry.value_change))
		.groupby(entry.voucher_type, entry.voucher_no)
		.orderby(entry.voucher_no)
		.run()
	)
	return [(doctype, name, to_decimal(value, 2)) for doctype, name, value in rows]


def _read_posted(realm_id: str, doctype: str, name: str, asset: str | None) -> Decimal | None:
	"""What a document's journals, as they were sent, did to the inventory account; None where none was sent."""
	snapshots = frappe.get_all(
		LINK,
		filters={
			"realm_id": realm_id,
			"reference_doctype": doctype,
			"reference_name": name,
			"entity": "JournalEntry",
		},
		pluck="snapshot",
		order_by="creation",
	)
	if not snapshots:
		return None
	moves = (move for snapshot in snapshots for move in list_moves(load_object(snapshot)))
	return sum((amount for account, amount in moves if account == asset), ZERO)


def _sum_trued_up(doctype: str, name: str) -> Decimal:
	lines = frappe.get_all(
		LINE,
		filters={"reference_doctype": doctype, "reference_name": name, "docstatus": 1, "parenttype": TRUE_UP},
		pluck="difference",
		order_by="creation",
	)
	return sum((to_decimal(line, 2) for line in lines), ZERO)


def _get_account(doctype: str, name: str, settings: Any) -> str:
	"""What a document's value went to or came from."""
	if doctype in ("AO Quantity Adjustment", "AO Value Adjustment"):
		return frappe.db.get_value(doctype, name, "account") or settings.adjustment_account
	return settings.cost_of_goods_account


def propose() -> str:
	"""Make the one draft, or bring it up to date; its name. Does not commit."""
	differences = list_differences()
	if not differences:
		frappe.throw(_("What was posted is what every document costs. There is nothing to bring up to date."))
	draft = frappe.get_all(TRUE_UP, filters={"docstatus": 0}, pluck="name", order_by="creation", limit=1)
	doc = frappe.get_doc(TRUE_UP, draft[0]) if draft else frappe.new_doc(TRUE_UP)
	doc.posting_date = find_open_date(max(one.posting_date for one in differences))
	doc.set("lines", [one.show() for one in differences])
	doc.save()
	return doc.name


def find_open_date(day: date) -> date:
	"""That day, or the first one after the period that QuickBooks has closed."""
	connection = get_connection()
	closed = (
		get_company_profile(connection).book_close_date if connection and connection.preferences else None
	)
	return max(day, closed + timedelta(days=1)) if closed else day


def refresh_lines(doc: Any, method: str | None = None) -> None:
	"""Before submit: what is posted are the differences of this moment; refused where none is left."""
	differences = list_differences()
	if not differences:
		frappe.throw(_("What was posted is what every document costs. There is nothing to bring up to date."))
	doc.set("lines", [one.show() for one in differences])
	doc.total_difference = float(sum((one.current - one.posted for one in differences), ZERO))
