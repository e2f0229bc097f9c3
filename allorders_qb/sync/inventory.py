"""How stock stands in QuickBooks: the inventory mode. Its postings are decided in ``accounting.md`` 4 to 6 of the design notes."""

from typing import Any

import frappe
from frappe.utils import cint, getdate

from allorders_qb.fulfilment.bill_of_materials import ASSEMBLY, roll_up_cost
from allorders_qb.stock.movements import STOCKED_ITEM_TYPES

NOT_CHOSEN = "Not Chosen"
COUNTED = "QuickBooks Counts Too"
VALUES = "Values Only"

COST_OF_GOODS = "Cost of Goods Sold"
"""QuickBooks' type of the accounts that the cost of an Inventory item may go to."""


def get_mode(settings: Any, posting_date: Any) -> str:
	"""The inventory mode for a document of that date: before the start of inventory it is as if none were chosen, for what
	moved then is part of the opening stock."""
	mode = settings.get("inventory_mode") or NOT_CHOSEN
	start = settings.get("inventory_start_date")
	if mode != NOT_CHOSEN and start and getdate(posting_date) < getdate(start):
		return NOT_CHOSEN
	return mode


def bills_by_account(settings: Any) -> bool:
	"""Whether bills have to name the inventory asset account instead of the item (*Values Only* alone)."""
	return settings.get("inventory_mode") == VALUES and bool(cint(settings.get("bills_by_account")))


def get_fixed_values(item: Any, settings: Any) -> dict[str, Any]:
	"""Fields of an AO Item (or its values) that the mode decides, with the value QuickBooks has to have.

	Values Only: what is kept in stock is bought to the inventory asset account; where QuickBooks lets no such item be bought
	to an asset account, its bills name the account instead, and the item says nothing of purchases. QuickBooks Counts Too: its cost goes to the
	cost of goods account, unless the item names another of that type; an assembly comes in at what it is made of.
	"""
	mode = settings.get("inventory_mode") or NOT_CHOSEN
	if item.get("item_type") not in STOCKED_ITEM_TYPES or mode == NOT_CHOSEN:
		return {}
	if mode == VALUES:
		return {"expense_account": None if bills_by_account(settings) else settings.inventory_asset_account}
	fixed: dict[str, Any] = {}
	account = item.get("expense_account")
	if not account or frappe.get_cached_value("QuickBooks Account", account, "account_type") != COST_OF_GOODS:
		fixed["expense_account"] = settings.cost_of_goods_account
	if item.get("item_type") == ASSEMBLY:
		fixed["purchase_cost"] = roll_up_cost(item.get("name"))
	return fixed
