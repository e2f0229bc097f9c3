"""Who may open the app from the apps screen."""

import frappe

ROLES = {"AO Viewer", "AO User", "AO Manager", "QuickBooks Poster", "QuickBooks Manager", "System Manager"}


def can_open_app() -> bool:
	"""Whether the user has any role of the app."""
	return bool(ROLES.intersection(frappe.get_roles()))
