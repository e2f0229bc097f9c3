"""An inventory adjustment as QuickBooks wants it: quantities alone. Source: Intuit's InventoryAdjustment page and workflow.

QuickBooks decides what the quantities cost; it takes no value. US companies with Plus or Advanced only.
"""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import Any

from allorders_qb.mapping.company import CompanyProfile
from allorders_qb.mapping.errors import MappingError
from allorders_qb.mapping.heads import build_dimensions, build_line_class, build_number
from allorders_qb.mapping.limits import MAX_LINES
from allorders_qb.mapping.marker import note_with_marker
from allorders_qb.mapping.payload import write_date
from allorders_qb.mapping.posting import AdjustmentDocument, References
from allorders_qb.mapping.refs import find_account, find_ref

LINE = "ItemAdjustmentLineDetail"


def build_adjustment(
	document: AdjustmentDocument, references: References, company: CompanyProfile, marker: str
) -> dict[str, Any]:
	"""Return the payload that creates the inventory adjustment: one line an item, quantities as Decimal.

	Raises MappingError where the company has no inventory, nothing would change, or a reference is unknown.
	"""
	about = document.source_name
	check_supported(company, about)
	quantities = sum_quantities(document)
	if not quantities:
		raise MappingError(f"{about}: there is nothing to record, no quantity changes.", field="Quantity")
	if len(quantities) > MAX_LINES:
		raise MappingError(
			f"{about}: {len(quantities)} items are too many for one transaction in QuickBooks, which takes {MAX_LINES}. "
			"Split the document.",
			field="Lines",
		)
	return {
		"TxnDate": write_date(document.posting_date),
		"AdjustAccountRef": find_account(
			references.accounts, document.account, document.account_field, about=about
		),
		"Line": [
			{
				"DetailType": LINE,
				LINE: {
					"ItemRef": find_ref(references.items, item, "Item", about=about),
					"QtyDiff": quantity,
					**build_line_class(document.class_name, references, company, about=about, row=None),
				},
			}
			for item, quantity in quantities.items()
		],
		"PrivateNote": note_with_marker(document.private_note, marker, about=about),
		**build_number(document.doc_number, about=about),
		**build_dimensions((document.class_name,), document.department, references, company, about=about),
	}


def check_supported(company: CompanyProfile, about: str) -> None:
	"""Raise MappingError where QuickBooks has no inventory adjustments: outside the US, or without its inventory."""
	if company.is_us and company.tracks_quantities:
		return
	raise MappingError(
		f"{about}: this QuickBooks company has no inventory adjustments; they need a US company with QuickBooks Online Plus or "
		"Advanced and its inventory switched on. Choose the inventory mode Values Only instead.",
		field="Inventory Mode",
	)


def sum_quantities(document: AdjustmentDocument) -> dict[str, Decimal]:
	"""Return what changes by item, in the order of the lines; items that come out even are left out."""
	quantities: dict[str, Decimal] = defaultdict(Decimal)
	for line in document.lines:
		quantities[line.item] += line.quantity
	return {item: quantity for item, quantity in quantities.items() if quantity}
