"""What installing, migrating and uninstalling leave behind, or take away."""

import frappe
from frappe import _

from allorders_qb.sync.identity import get_installation_id
from allorders_qb.sync.registry import POSTING_TYPES

SETTINGS = "QuickBooks Settings"
CHARGES = (
	("freight_item", "Freight", "Freight and handling"),
	("discount_item", "Discount", "Discount on a line"),
)
"""AO Settings field, item code and description of the charges that every company needs."""

HOME_CURRENCY = "USD"
"""Where the site has no default of its own."""


def after_install() -> None:
	"""Roles come with the fixtures; here are the settings without which nothing can be entered or sent."""
	_seed_posting_rules()
	_seed_settings()
	get_installation_id()


def after_migrate() -> None:
	"""A document type that a newer version posts gets its rule; nothing that somebody has set is changed."""
	_seed_posting_rules()
	_seed_settings()


def before_uninstall() -> None:
	"""Tokens are given back and forgotten; documents and lists go with their DocTypes. What stays is said."""
	from allorders_qb.sync.connecting import disconnect
	from allorders_qb.sync.connection import get_realm_id

	if get_realm_id():
		print(disconnect())
	print(
		_(
			"QuickBooks keeps every transaction that was recorded there; nothing of it is changed by uninstalling."
		)
	)


def _seed_posting_rules() -> None:
	settings = frappe.get_doc(SETTINGS)
	known = {row.document_type for row in settings.posting_rules}
	missing = [doctype for doctype in POSTING_TYPES if doctype not in known]
	if not missing:
		return
	for doctype in missing:
		settings.append("posting_rules", {"document_type": doctype, "rule": "On Submit"})
	settings.flags.ignore_mandatory = True
	settings.save(ignore_permissions=True)


def _seed_settings() -> None:
	settings = frappe.get_doc("AO Settings")
	changed = False
	for fieldname, code, description in CHARGES:
		if settings.get(fieldname):
			continue
		if not frappe.db.exists("AO Item", code):
			frappe.get_doc(
				{
					"doctype": "AO Item",
					"item_code": code,
					"item_type": "Other Charge",
					"description": description,
				}
			).insert(ignore_permissions=True)
		settings.set(fieldname, code)
		changed = True
	if not settings.default_currency:
		settings.default_currency = frappe.db.get_default("currency") or HOME_CURRENCY
		changed = True
	if changed:
		settings.flags.ignore_mandatory = True
		settings.save(ignore_permissions=True)
