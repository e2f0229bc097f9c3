"""Who may do what through the app's methods."""

import frappe
from frappe import _

ROLES = {"AO Viewer", "AO User", "AO Manager", "QuickBooks Poster", "QuickBooks Manager", "System Manager"}
POSTERS = ("QuickBooks Poster", "QuickBooks Manager", "System Manager")
MANAGERS = ("QuickBooks Manager", "System Manager")


def can_open_app() -> bool:
	"""Whether the user has any role of the app."""
	return bool(ROLES.intersection(frappe.get_roles()))


def has_any_role(roles: tuple[str, ...]) -> bool:
	"""Whether the user has one of these roles. (``frappe.only_for`` looks away while tests run.)"""
	return bool(set(roles).intersection(frappe.get_roles()))


def require_any_role(roles: tuple[str, ...]) -> None:
	"""Refuse who has none of these roles, naming them."""
	if not has_any_role(roles):
		frappe.throw(
			_("This needs one of the roles {0}.").format(", ".join(_(role) for role in roles)),
			exc=frappe.PermissionError,
			title=_("Not Permitted"),
		)


def require_readable(doctype: str, name: str) -> None:
	"""Refuse who may not read this document. (``frappe.has_permission(throw=True)`` with a document's name ends in
	an error of its own on early releases of Frappe 15.)"""
	if not frappe.has_permission(doctype, "read", doc=name):
		frappe.throw(
			_("You may not see {0} {1}.").format(_(doctype), name),
			exc=frappe.PermissionError,
			title=_("Not Permitted"),
		)
