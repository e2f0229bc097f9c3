"""Moving goods from one location to another: two movements a line, and no cost."""

from __future__ import annotations

from frappe import _
from frappe.model.document import Document
from frappe.utils import getdate

from allorders_qb.money import to_decimal
from allorders_qb.stock.checks import find_inactive_location, find_item_faults, read_items, round_field
from allorders_qb.stock.movements import Movement
from allorders_qb.stock.quantities import QUANTITY_PLACES, format_quantity


def prepare_transfer(transfer: Document) -> list[str]:
	"""Round and complete the lines of an AO Transfer; return a sentence for each thing that is wrong."""
	reasons = find_inactive_location(transfer.from_location, _("From Location"))
	reasons += find_inactive_location(transfer.to_location, _("To Location"))
	if transfer.from_location == transfer.to_location:
		reasons.append(
			_("From and To are the same location, {0}. Choose another.").format(transfer.to_location)
		)
	items = read_items(transfer.lines)
	for row in transfer.lines:
		item = items.get(row.item)
		row.unit = item.unit if item else None
		quantity = round_field(row, "quantity", QUANTITY_PLACES, reasons)
		if quantity <= 0:
			reasons.append(
				_("Row {0}: the quantity of {1} must be more than zero; it is {2}.").format(
					row.idx, row.item, format_quantity(quantity)
				)
			)
		reasons += find_item_faults(row, item)
	return reasons


def build_movements(transfer: Document) -> list[Movement]:
	"""Return for each line one movement out of the one location and one into the other."""
	return [
		Movement(
			item=row.item,
			location=location,
			quantity=sign * to_decimal(row.quantity, QUANTITY_PLACES),
			posting_date=getdate(transfer.posting_date),
			voucher_type=transfer.doctype,
			voucher_no=transfer.name,
			voucher_line=row.name,
			is_transfer=True,
		)
		for row in transfer.lines
		for location, sign in ((transfer.from_location, -1), (transfer.to_location, 1))
	]
