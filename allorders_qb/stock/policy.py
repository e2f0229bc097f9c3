"""What a balance below zero means: refused, warned of, or let pass, as AO Settings say. The one place to decide."""

from __future__ import annotations

from collections.abc import Sequence

import frappe
from frappe import _

from allorders_qb.stock.movements import Shortage
from allorders_qb.stock.quantities import format_quantity

REFUSE, WARN, ALLOW = "Refuse", "Warn", "Allow"


def judge_shortages(shortages: Sequence[Shortage]) -> None:
	"""Refuse, or warn of, balances that a document has brought below zero.

	Called inside the transaction, after the balances have moved, with their rows locked: what it raises
	(frappe.ValidationError) refuses the document.
	"""
	policy = frappe.get_cached_doc("AO Settings").negative_stock or WARN
	if not shortages or policy == ALLOW:
		return
	sentences = "<br>".join(
		_("{0} at {1}: {2} on hand.").format(
			shortage.item, shortage.location, format_quantity(shortage.on_hand)
		)
		for shortage in shortages
	)
	if policy == REFUSE:
		frappe.throw(
			_(
				"There is not enough in stock. After this document there would be:<br>{0}<br>Lower the quantity, or receive the goods first. AO Settings say whether stock may go below zero."
			).format(sentences),
			title=_("Not Enough in Stock"),
		)
	frappe.msgprint(sentences, title=_("Stock Is Below Zero"), indicator="orange")
