"""AO Quantity Adjustment and AO Value Adjustment -> an inventory adjustment of quantities where QuickBooks counts too, a journal
of values where it does not, or where there are values alone."""

from decimal import Decimal
from typing import Any

from frappe.utils import getdate

from allorders_qb.mapping.posting import AdjustmentDocument, AdjustmentLine, JournalDocument
from allorders_qb.money import to_decimal
from allorders_qb.stock.vouchers import read_line_values
from allorders_qb.sync.inventory import COUNTED, NOT_CHOSEN
from allorders_qb.sync.readers.journals import make_journal, move_value, name_account

ZERO = Decimal(0)


def read_quantity_postings(
	doc: Any, mode: str, settings: Any
) -> dict[str, AdjustmentDocument | JournalDocument]:
	"""What was found or lost, by role; nothing where no mode is chosen."""
	if mode == NOT_CHOSEN:
		return {}
	if mode != COUNTED:
		return {"journal": _read_journal(doc, settings, "inventory_asset_account")}
	account, field = name_account(settings, "adjustment_account", doc.account)
	return {
		"adjustment": AdjustmentDocument(
			kind="adjustment",
			source_doctype=doc.doctype,
			source_name=doc.name,
			posting_date=getdate(doc.posting_date),
			doc_number=doc.name,
			account=account or "",
			lines=tuple(
				AdjustmentLine(row.idx, row.item, to_decimal(row.quantity_change)) for row in doc.lines
			),
			private_note=doc.notes or None,
			class_name=doc.class_name or None,
			department=doc.department or None,
			account_field=field,
		)
	}


def read_value_postings(doc: Any, mode: str, settings: Any) -> dict[str, JournalDocument]:
	"""What became worth more or less. Where QuickBooks counts too no journal touches the items' own account."""
	if mode == NOT_CHOSEN:
		return {}
	account = "cost_difference_account" if mode == COUNTED else "inventory_asset_account"
	return {"journal": _read_journal(doc, settings, account)}


def _read_journal(doc: Any, settings: Any, inventory_field: str) -> JournalDocument:
	values = read_line_values(doc.doctype, doc.name)
	inventory = name_account(settings, inventory_field)
	against = name_account(settings, "adjustment_account", doc.account)
	lines = (
		part
		for row in doc.lines
		for part in move_value(
			values.get(row.name, ZERO), inventory, against, row.item, class_name=doc.class_name or None
		)
	)
	return make_journal(doc, "journal", lines, doc.notes)
