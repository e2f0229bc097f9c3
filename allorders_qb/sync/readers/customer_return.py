"""AO Customer Return -> a credit memo, or a refund receipt where the money was given back at once; and what that means for the
goods: back at the cost they had left with, or scrapped."""

from decimal import Decimal
from typing import Any

from frappe.utils import cint, getdate

from allorders_qb.fulfilment.goods import list_stocked_items
from allorders_qb.fulfilment.returning import SCRAP
from allorders_qb.mapping.posting import AdjustmentDocument, AdjustmentLine, JournalDocument, PostingDocument
from allorders_qb.money import to_decimal
from allorders_qb.stock.vouchers import read_line_values
from allorders_qb.sync.inventory import COUNTED, NOT_CHOSEN, VALUES
from allorders_qb.sync.readers.journals import make_journal, move_value, name_account
from allorders_qb.sync.readers.sales import read_payment_at_once, read_sales_form

ZERO = Decimal(0)


def read_postings(
	doc: Any, mode: str, settings: Any
) -> dict[str, PostingDocument | JournalDocument | AdjustmentDocument]:
	"""What came back by role: the credit, then its cost (values only), or what was thrown away (QuickBooks counts too)."""
	stocked = list_stocked_items({line.item for line in doc.lines}) if mode != NOT_CHOSEN else set()
	refunded = cint(doc.refunded_at_once)
	payment = read_payment_at_once(doc, settings.get("refund_account")) if refunded else {}
	kind = "refund_receipt" if refunded else "credit_memo"
	postings: dict[str, PostingDocument | JournalDocument | AdjustmentDocument] = {
		kind: read_sales_form(doc, kind, moves_stock=mode == COUNTED and bool(stocked), **payment)
	}
	if mode == VALUES and stocked:
		postings["cogs"] = read_cost_reversal(doc, stocked, settings)
	scrapped = [line for line in doc.lines if line.item in stocked and line.disposition == SCRAP]
	if mode == COUNTED and scrapped:
		postings["scrap"] = read_scrap(doc, scrapped, settings)
	return postings


def read_cost_reversal(doc: Any, stocked: set[str], settings: Any) -> JournalDocument:
	"""What the goods that came back had cost: out of cost of goods, into inventory, or to scrap."""
	values = read_line_values(doc.doctype, doc.name)
	back = name_account(settings, "inventory_asset_account")
	scrap = name_account(settings, "scrap_account")
	credit = name_account(settings, "cost_of_goods_account")
	return make_journal(
		doc,
		"cogs",
		(
			part
			for line in doc.lines
			if line.item in stocked
			for part in move_value(
				values.get(line.name, ZERO),
				scrap if line.disposition == SCRAP else back,
				credit,
				line.item,
				class_name=line.class_name or None,
			)
		),
	)


def read_scrap(doc: Any, scrapped: list[Any], settings: Any) -> AdjustmentDocument:
	"""What the credit has brought back into QuickBooks' stock and was thrown away."""
	account, field = name_account(settings, "scrap_account")
	return AdjustmentDocument(
		kind="scrap",
		source_doctype=doc.doctype,
		source_name=doc.name,
		posting_date=getdate(doc.posting_date),
		doc_number=doc.name,
		account=account or "",
		lines=tuple(AdjustmentLine(line.idx, line.item, -to_decimal(line.quantity)) for line in scrapped),
		private_note=doc.private_note or None,
		department=doc.department or None,
		account_field=field,
	)
