"""What a balance below zero means: a warning, by default. The one place to decide otherwise."""

from __future__ import annotations

from collections.abc import Sequence

import frappe
from frappe import _

from allorders_qb.stock.movements import Shortage
from allorders_qb.stock.quantities import format_quantity


def judge_shortages(shortages: Sequence[Shortage]) -> None:
	"""Warn of balances that a document has brought below zero, if AO Settings ask for it.

	Called inside the transaction, after the balances have moved, with their rows locked: raising here would
	refuse the document.
	"""
	if not shortages or not frappe.get_cached_doc("AO Settings").warn_on_negative_stock:
		return
	frappe.msgprint(
		"<br>".join(
			_("{0} at {1}: {2} on hand.").format(
				shortage.item, shortage.location, format_quantity(shortage.on_hand)
			)
			for shortage in shortages
		),
		title=_("Stock Is Below Zero"),
		indicator="orange",
	)
