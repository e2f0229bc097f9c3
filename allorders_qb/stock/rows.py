"""Rows that stock writes by itself, many at once: Frappe's standard columns for them."""

from __future__ import annotations

import frappe
from frappe.utils import now

# Ten characters, Frappe's usual, would meet each other in a ledger of a million rows.
NAME_LENGTH = 20
STANDARD_COLUMNS = ("name", "owner", "creation", "modified", "modified_by", "docstatus", "idx")


def make_name() -> str:
	"""Return a new row's name."""
	return frappe.generate_hash(length=NAME_LENGTH)


def make_standard_values(name: str | None = None, idx: int = 0) -> tuple[str, str, str, str, str, int, int]:
	"""Return the values of STANDARD_COLUMNS for a new row; `idx` is its place among its document's."""
	user, moment = frappe.session.user, now()
	return (name or make_name(), user, moment, moment, user, 0, idx)
