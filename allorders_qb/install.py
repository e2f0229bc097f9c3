"""What installing, migrating and uninstalling leave behind, or take away."""

import frappe
from frappe import _
from frappe.permissions import add_permission

from allorders_qb.sync.identity import get_installation_id
from allorders_qb.sync.lists.rules import seed_rules
from allorders_qb.sync.registry import POSTING_TYPES
from allorders_qb.sync.settings_rows import add_settings_rows, list_lost_links

SETTINGS = "QuickBooks Settings"
ORDER_SETTINGS = "AO Settings"
MODULE = "AllOrders QB"
ROLES = ("AO Viewer", "AO User", "AO Manager", "QuickBooks Poster", "QuickBooks Manager")
WORKSPACE_BLOCK = "AO Synchronization"
LEFT_BEHIND = (
	("Singles", "doctype"),
	("Comment", "reference_doctype"),
	("Version", "ref_doctype"),
	("Activity Log", "reference_doctype"),
	("Custom DocPerm", "parent"),
	("Property Setter", "doc_type"),
	("Custom Field", "dt"),
	("DocShare", "share_doctype"),
	("ToDo", "reference_type"),
)
"""Tables of Frappe in which our DocTypes leave rows, and the column that names the DocType."""

CHARGES = (
	("freight_item", "Freight", "Freight and handling"),
	("discount_item", "Discount", "Discount on a line"),
)
"""AO Settings field, item code and description of the charges that every company needs."""

HOME_CURRENCY = "USD"
"""Where the site has no default of its own."""

CURRENCY_READERS = ("AO Viewer", "AO User", "AO Manager", "QuickBooks Manager")
"""Roles that meet the currency of a customer or a document. Frappe's own rules let only managers of the site and
ERPNext's roles read the list of currencies; without it the desk refuses to take over a customer's currency."""


def after_install() -> None:
	"""Roles come with the fixtures; here are the settings without which nothing can be entered or sent."""
	for doctype in (SETTINGS, ORDER_SETTINGS):
		_save_defaults(doctype)
	_seed()
	get_installation_id()


def after_migrate() -> None:
	"""A document type that a newer version posts gets its rule, a list its own; nothing that somebody has set is changed.

	Says which records the settings name that are not here any more; that is no reason for a migration to fail.
	"""
	_seed()
	for doctype in (SETTINGS, ORDER_SETTINGS):
		for sentence in list_lost_links(doctype):
			print(f"{_(doctype)}: {sentence}")


def _save_defaults(doctype: str) -> None:
	"""A single DocType has the defaults of its fields only once it was saved."""
	settings = frappe.get_doc(doctype)
	settings.flags.ignore_mandatory = True
	settings.save(ignore_permissions=True)


def _seed() -> None:
	_seed_posting_rules()
	seed_rules()
	_seed_settings()
	_let_currencies_be_read()


def before_uninstall() -> None:
	"""Give the authorization back; then take away what Frappe leaves when it drops our DocTypes. Says what stays."""
	from allorders_qb.sync.connecting import disconnect
	from allorders_qb.sync.connection import get_realm_id

	if get_realm_id():
		print(disconnect())
	frappe.db.delete("Custom DocPerm", {"parent": "Currency", "role": ("in", CURRENCY_READERS)})
	doctypes = frappe.get_all("DocType", filters={"module": MODULE}, pluck="name", order_by="name")
	for table, field in LEFT_BEHIND:
		frappe.db.delete(table, {field: ("in", doctypes)})
	auth = frappe.qb.Table("__Auth")
	frappe.qb.from_(auth).delete().where(auth.doctype.isin(doctypes)).run()
	frappe.db.delete("Scheduled Job Type", {"method": ("like", "allorders_qb.%")})
	frappe.db.delete("Has Role", {"parent": WORKSPACE_BLOCK, "parenttype": "Custom HTML Block"})
	frappe.db.delete("Custom HTML Block", {"name": WORKSPACE_BLOCK})
	for role in ROLES:
		frappe.db.delete("Has Role", {"role": role})
		frappe.db.delete("Role", {"name": role})
	frappe.clear_cache()
	print(
		_(
			"QuickBooks keeps every transaction that was recorded there; nothing of it is changed by uninstalling."
		)
	)


def _seed_posting_rules() -> None:
	settings = frappe.get_doc(SETTINGS)
	known = {row.document_type for row in settings.posting_rules}
	missing = [one.doctype for one in POSTING_TYPES.values() if not one.guided and one.doctype not in known]
	add_settings_rows(
		SETTINGS,
		"posting_rules",
		({"document_type": doctype, "rule": "On Submit"} for doctype in missing),
	)


def _seed_settings() -> None:
	settings = frappe.get_doc(ORDER_SETTINGS)
	values = {}
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
		values[fieldname] = code
	if not settings.default_currency:
		values["default_currency"] = frappe.db.get_default("currency") or HOME_CURRENCY
	if values:
		frappe.db.set_single_value(ORDER_SETTINGS, values)
		frappe.clear_document_cache(ORDER_SETTINGS, ORDER_SETTINGS)


def _let_currencies_be_read() -> None:
	for role in CURRENCY_READERS:
		if not frappe.db.exists("Custom DocPerm", {"parent": "Currency", "role": role, "permlevel": 0}):
			add_permission("Currency", role)
