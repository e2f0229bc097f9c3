"""In which direction each list goes, and who is right about a field that both sides changed: QuickBooks Settings."""

import frappe

from allorders_qb.mapping.merge import ALL_ORDERS, QUICKBOOKS, WHOEVER
from allorders_qb.sync.connection import SETTINGS
from allorders_qb.sync.lists.definitions import (
	BOTH_WAYS,
	FROM_QUICKBOOKS,
	LISTS,
	TO_QUICKBOOKS,
)
from allorders_qb.sync.mirrors import MIRRORS
from allorders_qb.sync.settings_rows import add_settings_rows


def get_direction(doctype: str) -> str:
	"""The direction of a list; that of All Orders' table where the settings say nothing."""
	for rule in frappe.get_cached_doc(SETTINGS).list_rules:
		if rule.list_type == doctype:
			return rule.direction
	return LISTS[doctype].direction if doctype in LISTS else FROM_QUICKBOOKS


def may_send(doctype: str) -> bool:
	"""Whether what is changed here goes to QuickBooks."""
	return get_direction(doctype) in (BOTH_WAYS, TO_QUICKBOOKS)


def may_take(doctype: str) -> bool:
	"""Whether what is changed in QuickBooks comes here."""
	return get_direction(doctype) in (BOTH_WAYS, FROM_QUICKBOOKS)


def get_owners(doctype: str) -> dict[str, str]:
	"""By field name, who decides where both sides changed it. A list of one direction has one owner."""
	direction = get_direction(doctype)
	if direction != BOTH_WAYS:
		owner = ALL_ORDERS if direction == TO_QUICKBOOKS else QUICKBOOKS
		return {field.fieldname: owner for field in LISTS[doctype].fields}
	return {
		row.fieldname: row.owned_by
		for row in frappe.get_cached_doc(SETTINGS).field_owners
		if row.list_type == doctype
	}


def seed_rules() -> None:
	"""Give every list its direction and every field its owner where it has none yet; what is set stays."""
	settings = frappe.get_doc(SETTINGS)
	directions = {rule.list_type for rule in settings.list_rules}
	owners = {(row.list_type, row.fieldname) for row in settings.field_owners}
	lists = {doctype: definition.direction for doctype, definition in LISTS.items()}
	lists.update({mirror.doctype: FROM_QUICKBOOKS for mirror in MIRRORS})
	add_settings_rows(
		SETTINGS,
		"list_rules",
		(
			{"list_type": doctype, "direction": direction}
			for doctype, direction in lists.items()
			if doctype not in directions
		),
	)
	add_settings_rows(
		SETTINGS,
		"field_owners",
		(
			{
				"list_type": doctype,
				"fieldname": field.fieldname,
				"field_label": field.label,
				"owned_by": WHOEVER,
			}
			for doctype, definition in LISTS.items()
			for field in definition.fields
			if not field.reported and (doctype, field.fieldname) not in owners
		),
	)
