"""Nothing is counted twice: before each posting, what QuickBooks makes of its items against the inventory mode.

Read from the links' snapshots: QuickBooks' items as last seen.
"""

from collections.abc import Mapping
from typing import Any

import frappe

from allorders_qb.fulfilment.goods import list_stocked_items
from allorders_qb.mapping.dispatch import Posting, list_items
from allorders_qb.mapping.errors import MappingError
from allorders_qb.mapping.item import INVENTORY
from allorders_qb.sync.connection import SETTINGS
from allorders_qb.sync.inventory import COUNTED, NOT_CHOSEN, VALUES, bills_by_account, get_mode
from allorders_qb.sync.links import LINK, load_object
from allorders_qb.sync.mode_change.records import CHANGE
from allorders_qb.sync.payloads import Surroundings
from allorders_qb.sync.registry import LIST_ROLE


def check_items(posting: Posting, around: Surroundings) -> list[str]:
	"""Refuse a posting (``MappingError``) with an item of the wrong type in QuickBooks; returns the items whose purchases
	go to another account there than the inventory asset account, though they must not."""
	settings = frappe.get_cached_doc(SETTINGS)
	mode = get_mode(settings, posting.posting_date)
	if mode == NOT_CHOSEN or posting.source_doctype == CHANGE:
		return []
	asset = around.get_mirror("QuickBooks Account").get(settings.inventory_asset_account)
	wrong = []
	for item, remote in _read_remotes(posting, around).items():
		is_counted = remote.get("Type") == INVENTORY
		if mode == VALUES and is_counted:
			raise MappingError(
				f"{posting.source_name}: QuickBooks counts {item} itself (it is an Inventory item there), and the inventory mode is "
				f"{VALUES}: its cost would be counted twice. Link {item} to a non-inventory item.",
				field="Inventory Mode",
			)
		if mode == COUNTED and not is_counted:
			raise MappingError(
				f"{posting.source_name}: QuickBooks does not count {item} (it is {remote.get('Type')} there), and the inventory mode "
				f"is {COUNTED}: its cost would not be counted at all. Link {item} to an Inventory item.",
				field="Inventory Mode",
			)
		bought_to = (remote.get("ExpenseAccountRef") or {}).get("value")
		if mode == VALUES and not bills_by_account(settings) and bought_to != asset:
			wrong.append(item)
	return wrong


def refuse_wrong_account(posting: Posting, item: str, account: str) -> None:
	"""Raise ``MappingError`` for an item whose purchases QuickBooks books as a cost at once."""
	raise MappingError(
		f"{posting.source_name}: what is bought of {item} goes to another account in QuickBooks than {account}, so its cost would "
		f"be counted twice. Save {item} to send it there again, or change its expense account in QuickBooks.",
		field="Inventory Asset Account",
	)


def _read_remotes(posting: Posting, around: Surroundings) -> dict[str, Mapping[str, Any]]:
	"""QuickBooks' items by ours, of those of a posting that are kept in stock."""
	stocked = list_stocked_items(list_items(posting))
	if not stocked:
		return {}
	found = frappe.get_all(
		LINK,
		filters={
			"realm_id": around.realm_id,
			"reference_doctype": "AO Item",
			"reference_name": ("in", sorted(stocked)),
			"role": LIST_ROLE,
		},
		fields=["reference_name", "snapshot"],
		order_by="reference_name",
	)
	return {row.reference_name: load_object(row.snapshot) for row in found if row.snapshot}
