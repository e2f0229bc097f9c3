"""QuickBooks Mode Change -> inventory adjustments that move the quantities, and a journal that moves the value.

Both go through the account in between, which is as it was when all are there: the net effect on inventory is zero.
"""

from typing import Any

from frappe.utils import getdate

from allorders_qb.mapping.posting import AdjustmentDocument, AdjustmentLine, JournalDocument
from allorders_qb.money import to_decimal
from allorders_qb.stock.quantities import QUANTITY_PLACES
from allorders_qb.sync.inventory import VALUES
from allorders_qb.sync.mode_change.records import PER_ADJUSTMENT
from allorders_qb.sync.readers.journals import make_journal, post_value


def read_postings(doc: Any, mode: str, settings: Any) -> dict[str, AdjustmentDocument | JournalDocument]:
	"""The quantities out of the old items (or onto the new ones), then the value the other way. ``mode`` says nothing here."""
	sign = -1 if doc.to_mode == VALUES else 1
	between = (doc.transfer_account, doc.meta.get_label("transfer_account"))
	lines = [
		AdjustmentLine(row.idx, row.item, sign * to_decimal(row.quantity, QUANTITY_PLACES))
		for row in doc.lines
		if row.quantity
	]
	postings: dict[str, AdjustmentDocument | JournalDocument] = {}
	for number, start in enumerate(range(0, len(lines), PER_ADJUSTMENT), start=1):
		postings[f"adjustment_{number}"] = AdjustmentDocument(
			kind=f"adjustment_{number}",
			source_doctype=doc.doctype,
			source_name=doc.name,
			posting_date=getdate(doc.posting_date),
			doc_number=doc.name if number == 1 else f"{doc.name}-{number}",
			account=between[0],
			lines=tuple(lines[start : start + PER_ADJUSTMENT]),
			account_field=between[1],
		)
	new = (doc.new_asset_account, doc.meta.get_label("new_asset_account"))
	old = (doc.old_asset_account, doc.meta.get_label("old_asset_account"))
	debit, credit = (new, between) if doc.to_mode == VALUES else (between, old)
	value, text = to_decimal(doc.total_value, 2), f"{doc.from_mode} > {doc.to_mode}"
	moved = [post_value(value, debit, text), post_value(-value, credit, text)]
	postings["journal"] = make_journal(doc, "journal", moved)
	return postings
