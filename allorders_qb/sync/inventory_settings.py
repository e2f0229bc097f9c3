"""What QuickBooks Settings may say about inventory: accounts of the right type, the mode chosen once, the company fit for it."""

from dataclasses import dataclass
from typing import Any

import frappe
from frappe import _
from frappe.utils import getdate

from allorders_qb.fulfilment.accounts import ADJUSTMENT_TYPES, COSTS
from allorders_qb.stock.movements import STOCKED_ITEM_TYPES
from allorders_qb.sync import queue, rows
from allorders_qb.sync.connection import SETTINGS, get_company_profile, get_connection
from allorders_qb.sync.inventory import COUNTED, NOT_CHOSEN, VALUES, bills_by_account
from allorders_qb.sync.links import get_ids, load_object
from allorders_qb.sync.registry import POSTING_TYPES

CURRENT_ASSET, CURRENT_LIABILITY = "Other Current Asset", "Other Current Liability"
BANK, COST_OF_GOODS = "Bank", "Cost of Goods Sold"
INVENTORY = "Inventory"
WRONG_ACCOUNT_TYPE = "6430"
FIXED_FIELDS = ("inventory_mode", "inventory_start_date", "inventory_asset_account")


@dataclass(frozen=True)
class AccountRule:
	"""Of which types an account may be, and the modes that cannot do without it."""

	types: tuple[str, ...]
	required_in: tuple[str, ...] = ()


ACCOUNT_RULES = {
	"inventory_asset_account": AccountRule((CURRENT_ASSET,), (COUNTED, VALUES)),
	"cost_of_goods_account": AccountRule((COST_OF_GOODS,), (COUNTED, VALUES)),
	"adjustment_account": AccountRule(ADJUSTMENT_TYPES, (COUNTED, VALUES)),
	"scrap_account": AccountRule(COSTS, (COUNTED, VALUES)),
	"cost_difference_account": AccountRule((CURRENT_ASSET,), (COUNTED,)),
	"manufacturing_clearing_account": AccountRule((CURRENT_ASSET, CURRENT_LIABILITY, *COSTS), (COUNTED,)),
	"purchase_variance_account": AccountRule(COSTS),
	"labour_account": AccountRule((*COSTS, CURRENT_LIABILITY)),
	"subcontract_account": AccountRule((*COSTS, CURRENT_LIABILITY)),
	"overhead_account": AccountRule((*COSTS, CURRENT_LIABILITY)),
	"landed_cost_clearing_account": AccountRule((CURRENT_LIABILITY, CURRENT_ASSET, *COSTS)),
	"received_not_billed_account": AccountRule((CURRENT_LIABILITY,)),
	"deposit_account": AccountRule((BANK, CURRENT_ASSET)),
	"refund_account": AccountRule((BANK,)),
}


def check_inventory(settings: Any) -> None:
	"""Refuse QuickBooks Settings whose inventory part cannot hold, with every reason."""
	mode = settings.inventory_mode = settings.inventory_mode or NOT_CHOSEN
	before = settings.get_doc_before_save()
	settings.inventory_fixed_by = before.get("inventory_fixed_by") if before else None
	reasons = _find_fixed(settings, before)
	if before and (before.get("inventory_mode") or NOT_CHOSEN) != mode:
		reasons += _find_open_rows() + _find_unfit_company(mode)
	if mode != NOT_CHOSEN and not settings.inventory_start_date:
		reasons.append(_("Start of Inventory: say from which date on stock is recorded in QuickBooks."))
	for fieldname, rule in ACCOUNT_RULES.items():
		reasons += _find_account_faults(settings, fieldname, rule, mode)
	if reasons:
		frappe.throw("<br>".join(reasons), title=_("Inventory"))


def check_change(mode: str, asset_account: str | None, transfer_account: str | None) -> list[str]:
	"""Why the company or its accounts do not fit another mode, a sentence each; ``transfer_account`` is what its value goes
	through."""
	settings = frappe.get_doc(SETTINGS)
	accounts = {asset_account, settings.inventory_asset_account}
	settings.update({"inventory_asset_account": asset_account, "cost_difference_account": transfer_account})
	reasons = _find_unfit_company(mode)
	for fieldname, rule in ACCOUNT_RULES.items():
		needed = fieldname == "cost_difference_account"
		reasons += _find_account_faults(
			settings, fieldname, AccountRule(rule.types, (mode,)) if needed else rule, mode
		)
	if transfer_account and transfer_account in accounts:
		reasons.append(
			_("{0} is the inventory account itself; the value cannot go through it. Choose another.").format(
				transfer_account
			)
		)
	return reasons


def _find_fixed(settings: Any, before: Any) -> list[str]:
	if not before or not before.get("inventory_fixed_by"):
		return []
	return [
		_(
			"{0}: {1} was recorded in QuickBooks as the settings stood, so {2} can't be changed to {3} any more. The books would count twice or not at all."
		).format(
			_(settings.meta.get_label(fieldname)),
			before.inventory_fixed_by,
			before.get(fieldname) or _("nothing"),
			settings.get(fieldname) or _("nothing"),
		)
		for fieldname in FIXED_FIELDS
		if _read_plain(before, fieldname) != _read_plain(settings, fieldname)
	]


def _read_plain(settings: Any, fieldname: str) -> str:
	value = settings.get(fieldname)
	return str(getdate(value)) if value and fieldname.endswith("_date") else str(value or "")


def _find_open_rows() -> list[str]:
	"""What is under way was queued by the old mode: its rows would be too few, or too many."""
	found = frappe.get_all(
		rows.QUEUE,
		filters={"reference_doctype": ("in", list(POSTING_TYPES)), "status": ("in", rows.OPEN_STATUSES)},
		pluck="reference_name",
		order_by="creation",
		limit=1,
	)
	if not found:
		return []
	return [
		_(
			"Inventory Mode: {0} is still in the queue, by the rules of the mode before. Let the queue become empty first."
		).format(found[0])
	]


def _find_unfit_company(mode: str) -> list[str]:
	connection = get_connection()
	if mode != COUNTED or not connection or not connection.preferences:
		return []
	company = get_company_profile(connection)
	if not company.is_us:
		return [
			_(
				"Inventory Mode: {0} is for companies in the US alone; QuickBooks lets no app adjust inventory elsewhere. Choose {1}."
			).format(_(COUNTED), _(VALUES))
		]
	if not company.tracks_quantities:
		return [
			_(
				"Inventory Mode: {0} needs QuickBooks Online Plus or Advanced with its inventory switched on. Switch it on there, or choose {1}."
			).format(_(COUNTED), _(VALUES))
		]
	return []


def _find_account_faults(settings: Any, fieldname: str, rule: AccountRule, mode: str) -> list[str]:
	label, account = _(settings.meta.get_label(fieldname)), settings.get(fieldname)
	if not account:
		return (
			[_("{0}: choose one, {1} needs it.").format(label, _(mode))] if mode in rule.required_in else []
		)
	found = frappe.db.get_value(
		"QuickBooks Account", account, ["account_type", "account_sub_type", "inactive"], as_dict=True
	)
	if not found:
		return []
	if found.inactive:
		return [_("{0}: {1} is inactive in QuickBooks. Choose another.").format(label, account)]
	if found.account_type not in rule.types:
		return [
			_("{0}: {1} is of type {2}; it must be {3}. Choose another.").format(
				label, account, found.account_type, _(" or ").join(rule.types)
			)
		]
	if fieldname == "inventory_asset_account" and mode == COUNTED and found.account_sub_type != INVENTORY:
		return [
			_(
				"{0}: {1} is of detail type {2}; QuickBooks keeps items in accounts of detail type {3} alone."
			).format(label, account, found.account_sub_type, INVENTORY)
		]
	return []


def note_recorded(document: str) -> None:
	"""The first document that was recorded under a mode fixes the mode. Does not commit."""
	settings = frappe.get_cached_doc(SETTINGS)
	if settings.inventory_fixed_by or (settings.inventory_mode or NOT_CHOSEN) == NOT_CHOSEN:
		return
	frappe.db.set_single_value(SETTINGS, "inventory_fixed_by", document)
	frappe.clear_document_cache(SETTINGS, SETTINGS)


def learn_from_refusal(row: Any, code: str | None) -> bool:
	"""Whether QuickBooks has just said, for the first time, that it lets no item of *Values Only* be bought to an asset account.

	From then on bills name the account, and the item goes without. Does not commit.
	"""
	settings = frappe.get_cached_doc(SETTINGS)
	if code != WRONG_ACCOUNT_TYPE or row.reference_doctype != "AO Item" or settings.inventory_mode != VALUES:
		return False
	asset = frappe.db.get_value("QuickBooks Account", settings.inventory_asset_account, "quickbooks_id")
	sent = load_object(row.payload) if row.payload else {}
	if bills_by_account(settings) or (sent.get("ExpenseAccountRef") or {}).get("value") != asset:
		return False
	frappe.db.set_single_value(SETTINGS, "bills_by_account", 1)
	frappe.clear_document_cache(SETTINGS, SETTINGS)
	return True


def queue_items_of_new_mode(settings: Any) -> None:
	"""When another mode was chosen: items that QuickBooks has and that are kept in stock go there again, as the mode wants them."""
	before = settings.get_doc_before_save()
	mode = settings.inventory_mode
	if not before or mode != VALUES or before.get("inventory_mode") == mode or not settings.realm_id:
		return
	stocked = frappe.get_all(
		"AO Item", filters={"item_type": ("in", sorted(STOCKED_ITEM_TYPES))}, pluck="name", order_by="name"
	)
	queue.queue_records("AO Item", sorted(get_ids(settings.realm_id, "AO Item", stocked)), "Change")
