"""What was posted for documents against what they cost by now, and the one draft that posts the difference.

Where values alone are kept in QuickBooks, that is the documents' own journals and bills; where it counts too, its own value
(``counted_stock``).
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
from frappe.utils import escape_html, getdate

from allorders_qb.fulfilment.goods import list_stocked_items
from allorders_qb.fulfilment.returning import SCRAP
from allorders_qb.mapping.purchase import ITEM_LINE
from allorders_qb.mapping.search import list_moves
from allorders_qb.money import multiply, round_half_up, to_decimal
from allorders_qb.stock.entries import ENTRY
from allorders_qb.stock.movements import REVALUATION
from allorders_qb.stock.vouchers import read_line_values
from allorders_qb.sync.asking import ask_quickbooks
from allorders_qb.sync.connection import SETTINGS, get_company_profile, get_connection, get_realm_id
from allorders_qb.sync.counted_stock import proposing
from allorders_qb.sync.counted_stock.booked import LINE, TRUE_UP
from allorders_qb.sync.counted_stock.causes import RECOSTING
from allorders_qb.sync.counted_stock.differences import Differences, find_differences
from allorders_qb.sync.inventory import COUNTED, VALUES
from allorders_qb.sync.links import LINK, load_object
from allorders_qb.sync.mode_change.records import explain_no_true_up
from allorders_qb.sync.registry import POSTING_TYPES

CUSTOMER_RETURN = "AO Customer Return"
ZERO = Decimal(0)
PURCHASES = {"Bill": 1, "VendorCredit": -1}
"""Which way the goods on a purchase form go."""


@dataclass(frozen=True)
class Difference:
	"""What one document did to an account, inventory unless it is another: as posted (true-ups included) and by our ledger now,
	in home currency. `account` is where the rest of it went."""

	doctype: str
	name: str
	posting_date: date
	posted: Decimal
	current: Decimal
	account: str
	value_account: str

	def show(self) -> dict[str, Any]:
		"""As a line of a true-up."""
		return {
			"reference_doctype": self.doctype,
			"reference_name": self.name,
			"cause": RECOSTING,
			"posted_value": float(self.posted),
			"current_value": float(self.current),
			"difference": float(self.current - self.posted),
			"account": self.account,
			"value_account": self.value_account,
		}


def list_differences() -> list[Difference]:
	"""Every posted document whose cost is another by now, the oldest first. Only where values alone are kept in QuickBooks:
	where it counts too it re-values by itself."""
	settings = frappe.get_cached_doc(SETTINGS)
	realm_id = get_realm_id()
	if settings.inventory_mode != VALUES or not realm_id:
		return []
	found = []
	for doctype, name, current in _list_revalued():
		found += _compare_inventory(realm_id, doctype, name, current, settings)
		if doctype == CUSTOMER_RETURN:
			found += _compare_scrap(realm_id, name, settings)
	return sorted(found, key=lambda one: (one.posting_date, one.name))


def _compare_inventory(
	realm_id: str, doctype: str, name: str, current: Decimal, settings: Any
) -> list[Difference]:
	asset = settings.inventory_asset_account
	posted = _read_posted(realm_id, doctype, name, _read_account_id(asset))
	if posted is None:
		return []
	account = _get_account(doctype, name, settings)
	return _list_difference(doctype, name, posted, current, account, asset)


def _compare_scrap(realm_id: str, name: str, settings: Any) -> list[Difference]:
	"""What a return threw away comes in and goes out again: its cost stands on the scrap account, and not in inventory."""
	scrap, cost_of_goods = settings.scrap_account, settings.cost_of_goods_account
	posted = _read_posted(realm_id, CUSTOMER_RETURN, name, _read_account_id(scrap)) if scrap else None
	if not posted or scrap == cost_of_goods:
		return []
	values = read_line_values(CUSTOMER_RETURN, name)
	scrapped = frappe.get_all(
		"AO Customer Return Line",
		filters={"parent": name, "disposition": SCRAP},
		pluck="name",
		order_by="idx",
	)
	current = sum((values.get(line, ZERO) for line in scrapped), ZERO)
	return _list_difference(CUSTOMER_RETURN, name, posted, current, cost_of_goods, scrap)


def _list_difference(
	doctype: str, name: str, posted: Decimal, current: Decimal, account: str, value_account: str
) -> list[Difference]:
	posted += _sum_trued_up(doctype, name, value_account)
	if posted == current:
		return []
	day = getdate(frappe.db.get_value(doctype, name, "posting_date"))
	return [Difference(doctype, name, day, posted, current, account, value_account)]


def _read_account_id(account: str) -> str | None:
	return frappe.db.get_value("QuickBooks Account", account, "quickbooks_id")


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


def _read_posted(realm_id: str, doctype: str, name: str, account_id: str | None) -> Decimal | None:
	"""What a document's journals, as they were sent, did to an account, and its bills and vendor credits to inventory; None
	where none was sent."""
	links = frappe.get_all(
		LINK,
		filters={
			"realm_id": realm_id,
			"reference_doctype": doctype,
			"reference_name": name,
			"entity": ("in", ["JournalEntry", *PURCHASES]),
		},
		fields=["entity", "snapshot"],
		order_by="creation",
	)
	if not links:
		return None
	posted = ZERO
	for link in links:
		sent = load_object(link.snapshot)
		if link.entity in PURCHASES:
			posted += PURCHASES[link.entity] * _sum_goods(realm_id, sent)
		else:
			posted += sum((amount for account, amount in list_moves(sent) if account == account_id), ZERO)
	return posted


def _sum_goods(realm_id: str, sent: dict) -> Decimal:
	"""What a bill or vendor credit has on lines of items that are kept in stock, in home currency: those are bought to the
	inventory account."""
	rate = to_decimal(sent.get("ExchangeRate")) or Decimal(1)
	lines = [
		(line[ITEM_LINE]["ItemRef"]["value"], round_half_up(multiply(to_decimal(line["Amount"]), rate)))
		for line in sent.get("Line") or ()
		if ITEM_LINE in line
	]
	items = frappe.get_all(
		LINK,
		filters={
			"realm_id": realm_id,
			"reference_doctype": "AO Item",
			"quickbooks_id": ("in", sorted({item for item, _amount in lines}) or [""]),
		},
		fields=["quickbooks_id", "reference_name"],
		order_by="quickbooks_id",
	)
	stocked = list_stocked_items({row.reference_name for row in items})
	counted = {row.quickbooks_id for row in items if row.reference_name in stocked}
	return sum((amount for item, amount in lines if item in counted), ZERO)


def _sum_trued_up(doctype: str, name: str, value_account: str) -> Decimal:
	lines = frappe.get_all(
		LINE,
		filters={"reference_doctype": doctype, "reference_name": name, "docstatus": 1, "parenttype": TRUE_UP},
		fields=["difference", "value_account"],
		order_by="creation",
	)
	asset = frappe.get_cached_doc(SETTINGS).inventory_asset_account
	return sum(
		(to_decimal(line.difference, 2) for line in lines if (line.value_account or asset) == value_account),
		ZERO,
	)


def _get_account(doctype: str, name: str, settings: Any) -> str:
	"""What a document's value went to or came from."""
	if doctype in ("AO Quantity Adjustment", "AO Value Adjustment"):
		return frappe.db.get_value(doctype, name, "account") or settings.adjustment_account
	if doctype == "AO Vendor Return":
		return settings.purchase_variance_account
	return settings.cost_of_goods_account


def propose(day: date | str | None = None) -> str:
	"""Make the one draft, or bring it up to date; its name.

	Where QuickBooks counts too it is read now, and compared at the end of ``day`` (today); this commits before anything is
	written. Where it keeps values alone the draft is dated after the last document that differs, and ``day`` means nothing.
	Throws where nothing differs, where QuickBooks cannot be read, where another true-up is not settled, or after a change of the
	inventory mode.
	"""
	_refuse_changed_mode()
	if frappe.get_cached_doc(SETTINGS).inventory_mode == COUNTED:
		return _propose_counted(getdate(day))
	differences = list_differences()
	if not differences:
		_refuse_nothing()
	doc = _get_draft()
	doc.posting_date = find_open_date(max(one.posting_date for one in differences))
	doc.set("lines", [one.show() for one in differences])
	doc.save()
	return doc.name


def _refuse_changed_mode() -> None:
	if reason := explain_no_true_up():
		frappe.throw(reason, title=_(proposing.TITLE))


def _propose_counted(day: date) -> str:
	day = find_open_date(day)
	proposing.refuse_unsettled(day)
	settings = frappe.get_cached_doc(SETTINGS)
	found = ask_quickbooks(
		lambda client, realm_id: find_differences(client, realm_id, settings, day), _(proposing.TITLE)
	)
	if not has_news(found):
		_refuse_nothing([f"{item.item}: {item.left_out}" for item in found.items if item.left_out])
	return store_draft(found)


def has_news(found: Differences) -> bool:
	"""Whether there is something to book, or for a person to decide."""
	return bool(found.explained) or any(item.unexplained for item in found.items)


def store_draft(found: Differences) -> str:
	"""Put what was found where QuickBooks counts too into the one draft; its name. Does not commit."""
	doc = _get_draft()
	proposing.fill(doc, found)
	doc.flags.was_read = True
	doc.save()
	return doc.name


def _get_draft() -> Any:
	draft = frappe.get_all(TRUE_UP, filters={"docstatus": 0}, pluck="name", order_by="creation", limit=1)
	return frappe.get_doc(TRUE_UP, draft[0]) if draft else frappe.new_doc(TRUE_UP)


def _refuse_nothing(left_out: list[str] | None = None) -> None:
	said = [_("What was posted is what every document costs. There is nothing to bring up to date.")]
	if left_out:
		said += [_("Left out, because they can't be compared yet:"), *left_out]
	frappe.throw("<br>".join(escape_html(line) for line in said))


def find_open_date(day: date) -> date:
	"""That day, or the first one after the period that QuickBooks has closed."""
	connection = get_connection()
	closed = (
		get_company_profile(connection).book_close_date if connection and connection.preferences else None
	)
	return max(day, closed + timedelta(days=1)) if closed else day


def protect_lines(doc: Any, method: str | None = None) -> None:
	"""Before saving: where QuickBooks counts too, what was read of it is written by reading alone."""
	if frappe.get_cached_doc(SETTINGS).inventory_mode == COUNTED:
		proposing.protect_reading(doc)


def refresh_lines(doc: Any, method: str | None = None) -> None:
	"""Before submit: what is posted are the differences of this moment; refused where none is left, or where QuickBooks has to
	be read again for them."""
	_refuse_changed_mode()
	if frappe.get_cached_doc(SETTINGS).inventory_mode == COUNTED:
		proposing.check_before_submit(doc)
		return
	differences = list_differences()
	if not differences:
		_refuse_nothing()
	doc.set("lines", [one.show() for one in differences])
	doc.total_difference = float(sum((one.current - one.posted for one in differences), ZERO))
