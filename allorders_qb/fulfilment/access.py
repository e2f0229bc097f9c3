"""Who may call what: the first line of every whitelisted method."""

from __future__ import annotations

import frappe


def require_permission(doctype: str, right: str, name: str | None = None) -> None:
	"""Raise frappe.PermissionError unless the user has this right, on the document `name` when given.

	Not `frappe.has_permission(throw=True)`, which on early releases of Frappe 15 fails on a document's name, and
	raises no PermissionError for a type: callers through REST would get another status than 403.
	"""
	document = frappe.get_doc(doctype, name) if name else frappe.new_doc(doctype)
	document.check_permission(right)
