"""The course of a change of the inventory mode: prepared as a draft, checked against QuickBooks, begun, and gone on with."""

from decimal import Decimal
from typing import Any

import frappe
from frappe import _
from frappe.utils import formatdate, now_datetime

from allorders_qb.mapping.limits import LIMITS
from allorders_qb.money import to_decimal
from allorders_qb.qbo.faults import QuickBooksError
from allorders_qb.stock.movements import STOCKED_ITEM_TYPES
from allorders_qb.stock.quantities import QUANTITY_PLACES
from allorders_qb.sync.call_log import CallLog
from allorders_qb.sync.connection import SETTINGS, ConnectionNotReady, get_realm_id, open_client
from allorders_qb.sync.inventory import COUNTED, NOT_CHOSEN, VALUES
from allorders_qb.sync.links import LINK, load_object
from allorders_qb.sync.lists.reading import read_by_ids
from allorders_qb.sync.mode_change.checks import Check, Seen, list_checks
from allorders_qb.sync.mode_change.locking import lock_checked
from allorders_qb.sync.mode_change.records import (
	CHANGE,
	DONE,
	DRAFT,
	POST,
	RENAME,
	RUNNING,
	find_running,
	sum_values,
)
from allorders_qb.sync.plain import make_plain
from allorders_qb.sync.registry import LIST_ROLE
from allorders_qb.sync.runs import run_rows
from allorders_qb.sync.runs.start import start_run

OTHER = {COUNTED: VALUES, VALUES: COUNTED}
FIRST_STEP = {VALUES: POST, COUNTED: RENAME}
"""By the new mode: the step that a change begins with (see ``work``)."""
NEVER_MOVED = frappe._dict(on_hand=0, value=0, last_sequence=0)
"""The stock of an item that has none."""


def propose() -> str:
	"""The name of the one draft, made where there is none. Does not commit; throws where there is nothing to change."""
	if running := find_running():
		return running
	draft = frappe.get_all(CHANGE, filters={"docstatus": 0}, pluck="name", order_by="creation", limit=1)
	return draft[0] if draft else frappe.get_doc({"doctype": CHANGE}).insert().name


def fill(doc: Any) -> None:
	"""Complete a draft from the settings and the stock as they are now."""
	settings = frappe.get_cached_doc(SETTINGS)
	mode = settings.inventory_mode or NOT_CHOSEN
	if mode == NOT_CHOSEN:
		frappe.throw(_("No inventory mode is chosen yet. Choose it in QuickBooks Settings."))
	doc.status = DRAFT
	doc.from_mode, doc.to_mode = mode, OTHER[mode]
	doc.old_asset_account = settings.inventory_asset_account
	doc.new_asset_account = doc.new_asset_account or settings.inventory_asset_account
	doc.transfer_account = doc.transfer_account or settings.cost_difference_account
	if doc.docstatus == 0:
		_fill_lines(doc)


def _fill_lines(doc: Any) -> None:
	links = {
		link.reference_name: link
		for link in frappe.get_all(
			LINK,
			filters={"realm_id": get_realm_id(), "reference_doctype": "AO Item", "role": LIST_ROLE},
			fields=["reference_name", "quickbooks_id", "snapshot"],
			order_by="creation",
		)
	}
	stock = {
		row.item: row
		for row in frappe.get_all(
			"AO Item Stock", fields=["item", "on_hand", "value", "last_sequence"], order_by="item"
		)
	}
	items = frappe.get_all(
		"AO Item",
		filters={"item_type": ("in", sorted(STOCKED_ITEM_TYPES))},
		fields=["name", "inactive"],
		order_by="name",
	)
	doc.set("lines", [])
	for item in items:
		link, held = links.get(item.name), stock.get(item.name) or NEVER_MOVED
		if (item.inactive or not link) and not held.on_hand and not held.value:
			continue
		remote = load_object(link.snapshot) if link and link.snapshot else {}
		doc.append(
			"lines",
			{
				"item": item.name,
				"quantity": float(to_decimal(held.on_hand, QUANTITY_PLACES)),
				"value": float(to_decimal(held.value, 2)),
				"last_sequence": held.last_sequence,
				"old_id": link.quickbooks_id if link else None,
				"old_name": name_old(remote.get("Name") or item.name, doc) if link else None,
				"parent_id": (remote.get("ParentRef") or {}).get("value"),
			},
		)
	doc.total_value = float(sum_values(doc.lines))


def name_old(name: str, doc: Any) -> str:
	"""What an item in QuickBooks is called once it has given its name to the new one."""
	ending = _(" (until {0})").format(formatdate(doc.posting_date, "yyyy-mm-dd"))
	return f"{name[: LIMITS['name'] - len(ending)]}{ending}"


def check(doc: Any) -> list[Check]:
	"""Look at everything that has to hold, QuickBooks included, and write it onto the draft. Does not save."""
	_fill_lines(doc)
	seen = _look(doc)
	if seen:
		accounts = {doc.old_asset_account}
		if doc.from_mode == COUNTED:
			# What QuickBooks values otherwise stands there, whichever account the value goes through now.
			accounts.add(frappe.get_cached_doc(SETTINGS).cost_difference_account)
		ids = frappe.get_all(
			"QuickBooks Account",
			filters={"name": ("in", [one for one in accounts if one])},
			pluck="quickbooks_id",
			order_by="name",
		)
		value = sum((seen.balances.get(one, Decimal(0)) for one in ids), Decimal(0))
		doc.quickbooks_value = float(value)
		doc.difference = float(value - to_decimal(doc.total_value, 2))
	checks = list_checks(doc, seen)
	doc.checks = frappe.as_json([one.show() for one in checks])
	doc.checked_at = now_datetime()
	return checks


def _look(doc: Any) -> Seen | None:
	"""QuickBooks' quantities and balances now; None where it cannot be asked."""
	realm_id = get_realm_id()
	log = CallLog(realm_id)
	try:
		client = open_client(realm_id, on_call=log)
		items = read_by_ids(client, "Item", [line.old_id for line in doc.lines if line.old_id])
		accounts = client.query_all("Account")
		return Seen(
			{key: to_decimal(remote.get("QtyOnHand"), QUANTITY_PLACES) for key, remote in items.items()},
			{str(remote["Id"]): to_decimal(remote.get("CurrentBalance"), 2) for remote in accounts},
		)
	except (ConnectionNotReady, QuickBooksError) as error:
		frappe.msgprint(make_plain(str(error)), indicator="orange")
		return None
	finally:
		log.write()


def check_again(doc: Any) -> None:
	"""Before it is begun: everything holds at this very moment, or it is refused with every reason."""
	wrong = [one.sentence for one in check(doc) if not one.holds]
	if wrong:
		frappe.throw("<br>".join(wrong), title=_("Not Begun"))


def begin(doc: Any) -> None:
	"""From now on the new mode holds; everything else waits until the books and the items follow. Does not commit."""
	if find_running():
		frappe.throw(_("Another change of the inventory mode is under way."))
	lock_checked(doc)
	values = {
		"inventory_mode": doc.to_mode,
		"inventory_asset_account": doc.new_asset_account,
		"inventory_fixed_by": doc.name,
		"bills_by_account": 0,
	}
	if doc.to_mode == COUNTED:
		values["cost_difference_account"] = doc.transfer_account
	for fieldname, value in values.items():
		frappe.db.set_single_value(SETTINGS, fieldname, value)
	frappe.clear_document_cache(SETTINGS, SETTINGS)
	doc.db_set({"status": RUNNING, "step": FIRST_STEP[doc.to_mode]})
	doc.db_set("run", start_run(run_rows.MODE_CHANGE, trigger="Form"))


def go_on(doc: Any) -> str:
	"""Go on with a change that was stopped, or waits for a person; the run's name. Does not commit."""
	if doc.status != RUNNING:
		frappe.throw(_("{0} is {1}; there is nothing to go on with.").format(doc.name, _(doc.status)))
	doc.db_set("run", start_run(run_rows.MODE_CHANGE, trigger="Form"))
	return doc.run


def finish(doc: Any) -> None:
	"""It is done. Does not commit."""
	doc.db_set({"status": DONE, "step": None})
