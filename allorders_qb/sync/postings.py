"""What a document says to QuickBooks: its postings by role, as the readers give them.

A reader is ``read_postings(doc, mode, settings) -> {role: posting}``: the roles this document has under that inventory
mode, without asking QuickBooks for anything. What is missing for a posting (an account, say) stands in it as nothing, and
is refused when its payload is built: no setting keeps a warehouse from shipping.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import frappe

from allorders_qb.fulfilment.goods import list_stocked_items
from allorders_qb.mapping.dispatch import Charges, Posting, list_items
from allorders_qb.mapping.posting import PurchaseDocument
from allorders_qb.sync.connection import SETTINGS
from allorders_qb.sync.inventory import bills_by_account, get_mode
from allorders_qb.sync.readers import (
	adjustments,
	cost_true_up,
	customer_return,
	mode_change,
	payment,
	purchases,
	ship_doc,
	work_order,
)
from allorders_qb.sync.readers.journals import name_account
from allorders_qb.sync.registry import POSTING_TYPES

Reader = Callable[[Any, str, Any], dict[str, Posting]]

READERS: dict[str, Reader] = {
	"AO Ship Doc": ship_doc.read_postings,
	"AO Customer Return": customer_return.read_postings,
	"AO Work Order": work_order.read_postings,
	"AO Quantity Adjustment": adjustments.read_quantity_postings,
	"AO Value Adjustment": adjustments.read_value_postings,
	"AO Cost True-Up": cost_true_up.read_postings,
	"QuickBooks Mode Change": mode_change.read_postings,
	"AO Receiver": purchases.read_receiver_postings,
	"AO Vendor Bill": purchases.read_bill_postings,
	"AO Vendor Return": purchases.read_return_postings,
	"AO Payment": payment.read_postings,
}


def read_postings(doc: Any) -> dict[str, Posting]:
	"""The postings of a document by role, in the order in which they leave."""
	settings = frappe.get_cached_doc(SETTINGS)
	found = READERS[doc.doctype](doc, get_mode(settings, doc.posting_date), settings)
	if bills_by_account(settings):
		found = {role: _name_inventory_account(posting, settings) for role, posting in found.items()}
	return {role.name: found[role.name] for role in POSTING_TYPES[doc.doctype].roles if role.name in found}


def _name_inventory_account(posting: Posting, settings: Any) -> Posting:
	"""A vendor's document whose lines of stocked goods name the inventory account, where QuickBooks lets no item be bought to it."""
	if not isinstance(posting, PurchaseDocument):
		return posting
	stocked = list_stocked_items(list_items(posting))
	account, field = name_account(settings, "inventory_asset_account")
	lines = tuple(
		replace(
			line,
			item=None,
			quantity=None,
			unit_cost=None,
			description=line.description or line.item,
			account=account,
			account_field=field,
		)
		if line.item in stocked
		else line
		for line in posting.lines
	)
	return replace(posting, lines=lines)


def read_charges() -> Charges:
	"""The items that stand for freight and discounts, as AO Settings say."""
	settings = frappe.get_cached_doc("AO Settings")
	freight_item = settings.freight_item or None
	return Charges(
		freight_item,
		settings.discount_item or None,
		frappe.get_cached_value("AO Item", freight_item, "tax_code") if freight_item else None,
	)
