"""Records that are no longer in QuickBooks, or were merged there into another."""

import json

import frappe
from frappe import _

from allorders_qb.mapping.neutral import TICKED
from allorders_qb.sync import rows
from allorders_qb.sync.links import LINK, get_owner_of
from allorders_qb.sync.lists import conflicts
from allorders_qb.sync.lists.definitions import BY_ENTITY

UNREAD = "-1"
"""The SyncToken of a link whose twin has not been read yet."""


def report_gone(realm_id: str, entity: str, quickbooks_id: str) -> bool:
	"""The twin of a record of ours is no longer in QuickBooks: tell a person; whether that is news. Does not commit."""
	owner = get_owner_of(realm_id, entity, quickbooks_id)
	if not owner:
		return False
	return conflicts.report(
		conflicts.GONE,
		realm_id,
		entity,
		quickbooks_id,
		_(
			"{0} {1} is no longer in QuickBooks under its id: it was merged into another there, or deleted. Link it to the one that took its place, or make it inactive here."
		).format(_(owner.reference_doctype), owner.reference_name),
		owner.reference_doctype,
		owner.reference_name,
		base=quickbooks_id,
	)


def report_merged(realm_id: str, entity: str, deleted_id: str, survivor_id: str) -> bool:
	"""QuickBooks says that one record was merged into another (a webhook's Merge); whether that is news. Does not commit.

	Ours that pointed to the vanished one points to the one that stays. Where both are ours, a person decides, because
	two records of ours would be one in QuickBooks.
	"""
	vanished = get_owner_of(realm_id, entity, deleted_id)
	if not vanished:
		return False
	rows.lock_document(vanished.reference_doctype, vanished.reference_name)
	survivor = get_owner_of(realm_id, entity, survivor_id)
	if survivor:
		return conflicts.report(
			conflicts.MERGED,
			realm_id,
			entity,
			deleted_id,
			_(
				"QuickBooks has merged {0} into {1}. Both are here: make {0} inactive and go on with {1}, or merge the two here."
			).format(vanished.reference_name, survivor.reference_name),
			vanished.reference_doctype,
			vanished.reference_name,
			base=deleted_id,
			theirs=survivor_id,
		)
	inactive = frappe.db.get_value(vanished.reference_doctype, vanished.reference_name, "inactive")
	relink(vanished, survivor_id, bool(inactive))
	return conflicts.report(
		conflicts.MERGED,
		realm_id,
		entity,
		survivor_id,
		_("QuickBooks has merged {0} into another {1}; it is linked to that one now.").format(
			vanished.reference_name, _(BY_ENTITY[entity].entity)
		),
		vanished.reference_doctype,
		vanished.reference_name,
		base=deleted_id,
		theirs=survivor_id,
	)


def relink(link: frappe._dict, quickbooks_id: str, inactive: bool) -> None:
	"""Point a record of ours to another QuickBooks record; what is there is merged with the next reading.

	What was agreed with the old twin says nothing about the new one, but for this: ours, which may be ``inactive``
	because the old one was, becomes what the new one is. Does not commit.
	"""
	frappe.db.set_value(
		LINK,
		link.name,
		{
			"quickbooks_id": quickbooks_id,
			"sync_token": UNREAD,
			"snapshot": None,
			"agreed": json.dumps({"inactive": TICKED if inactive else ""}),
		},
	)
