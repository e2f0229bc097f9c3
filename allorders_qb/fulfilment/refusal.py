"""How a document says no: every reason at once, each a sentence that names its row."""

from __future__ import annotations

from collections.abc import Sequence

import frappe


def refuse(reasons: Sequence[str], title: str) -> None:
	"""Raise frappe.ValidationError with the reasons, one a line; do nothing when there are none."""
	if reasons:
		frappe.throw("<br>".join(reasons), title=title)
