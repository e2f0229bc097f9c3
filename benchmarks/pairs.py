"""How long it takes to link customers and items that both sides have, as at the first connection of a company."""

from __future__ import annotations

import time
from typing import Any

import frappe

LISTS = ("AO Customer", "AO Item")


def measure_pairs(company: Any) -> float | None:
	"""Seconds from the confirmation until every customer and item that both sides have is linked; None where one is not.

	The customers lack the e-mail address that QuickBooks has, so that half of the records are changed by it.
	"""
	from allorders_qb.sync.connection import CONNECTION
	from allorders_qb.sync.links import LINK
	from allorders_qb.sync.matching import course, deciding, summary
	from allorders_qb.sync.matching.gate import MATCH

	names = frappe.get_all("AO Customer", filters={"email": ("is", "set")}, pluck="name", order_by="name")
	if names:
		frappe.db.set_value("AO Customer", {"name": ("in", names)}, "email", None, update_modified=False)
	frappe.db.delete(LINK, {"reference_doctype": ("in", LISTS)})
	frappe.db.delete(MATCH)
	frappe.db.set_value(CONNECTION, company.realm_id, {"matching_status": "Required", "matched_at": None})
	frappe.db.commit()
	course.start_reading()
	carry_out()
	deciding.decide_rest(
		company.realm_id, {"proposed": "Link", "theirs": "Leave Alone", "ours": "Leave Alone"}
	)
	pairs = summary.summarize(company.realm_id)["total"]["linked"]
	course.confirm()
	began = time.monotonic()
	carry_out()
	took = time.monotonic() - began
	linked = frappe.db.count(LINK, {"reference_doctype": ("in", LISTS)})
	return round(took, 1) if pairs and linked == pairs else None


def carry_out() -> None:
	"""What is to be done of the matching, in this process."""
	from allorders_qb.sync.runs.engine import carry_out_runs

	frappe.db.commit()
	carry_out_runs()
	frappe.db.commit()
