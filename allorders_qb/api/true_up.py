"""Bringing the books up to what documents cost by now."""

import frappe

from allorders_qb.fulfilment.access import require_permission
from allorders_qb.sync import true_up


@frappe.whitelist(methods=["POST"])
def propose_true_up(day: str | None = None) -> str:
	"""The name of the one draft AO Cost True-Up, made or brought up to date; throws where nothing differs.

	``day``: where QuickBooks counts too, the end of which day is compared (today).
	"""
	require_permission("AO Cost True-Up", "create")
	return true_up.propose(day)
