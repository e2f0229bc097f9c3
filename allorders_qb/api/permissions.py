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
