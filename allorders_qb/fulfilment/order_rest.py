"""What of an order still has to move, for Create > Ship Doc and Create > Receiver: whether it can, and how much is left."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal

import frappe
from frappe import _
from frappe.model.document import Document

from allorders_qb.fulfilment.arithmetic import CANCELLED, DRAFT, ZERO
from allorders_qb.fulfilment.orders import Order, OrderKind, list_documents
from allorders_qb.fulfilment.refusal import refuse
from allorders_qb.fulfilment.taxing import refuse_other_prices


def refuse_order_state(kind: OrderKind, order: Order) -> None:
	"""Refuse an order that is a draft, cancelled, or closed by hand."""
	for applies, sentence in (
		(order.docstatus == DRAFT, "cannot_draft"),
		(order.docstatus == CANCELLED, "cannot_cancelled"),
		(order.is_closed, "cannot_closed"),
	):
		if applies:
			refuse([kind.say(sentence).format(order.name)], kind.say("cannot"))


def refuse_mixture(kind: OrderKind, order: Order, document: Document | None, rows: list[Document]) -> None:
	"""Refuse to add an order to a document of another party or currency, or of prices that hold their tax where its own do not."""
	if not document:
		return
	party = document.get(kind.party_field)
	if party and party != order.party:
		refuse([kind.say("mixed_party").format(order.name, order.party, party)], kind.say("another_party"))
	if rows and document.currency and document.currency != order.currency:
		refuse(
			[kind.say("mixed_currency").format(order.name, order.currency, document.currency)],
			_("Another Currency"),
		)
	if rows:
		refuse_other_prices(document, order.name, order.prices_are)


def compute_left(kind: OrderKind, order: Order, rows: list[Document]) -> dict[str, Decimal]:
	"""Return what each order line has left, by row name, less what the document at hand holds already."""
	held: dict[str, Decimal] = defaultdict(Decimal)
	for row in rows:
		if row.get(kind.order_line_field):
			held[row.get(kind.order_line_field)] += kind.read_quantity(row)
	left = {line.name: line.fulfilment.remaining - held[line.name] for line in order.lines.values()}
	return {name: quantity for name, quantity in left.items() if quantity > ZERO}


def announce_drafts(kind: OrderKind, order_name: str) -> None:
	"""Mention documents that are still drafts: they hold some of the same units."""
	drafts = list_documents(kind, order_name, DRAFT)
	if drafts:
		frappe.msgprint(
			kind.say("drafts").format(order_name, ", ".join(drafts)), indicator="orange", alert=True
		)
