"""AO Ship Doc -> an invoice, and the journal of what the goods had cost where only values are kept in QuickBooks."""

from datetime import date
from decimal import Decimal
from typing import Any

from frappe.utils import getdate

from allorders_qb.fulfilment.goods import list_stocked_items
from allorders_qb.mapping.posting import Address, JournalDocument, PostingDocument, PostingLine
from allorders_qb.money import to_decimal
from allorders_qb.stock.vouchers import read_line_values
from allorders_qb.sync.inventory import COUNTED, VALUES
from allorders_qb.sync.readers.journals import move_value, name_account

ZERO = Decimal(0)
ADDRESS_PARTS = ("line1", "line2", "city", "state", "postal_code", "country")


def read_postings(doc: Any, mode: str, settings: Any) -> dict[str, PostingDocument | JournalDocument]:
	"""What was shipped by role: the sale, then its cost."""
	stocked = list_stocked_items({line.item for line in doc.lines}) if mode in (COUNTED, VALUES) else set()
	sale = read_ship_doc(doc, moves_stock=mode == COUNTED and bool(stocked))
	postings: dict[str, PostingDocument | JournalDocument] = {sale.kind: sale}
	if mode == VALUES and stocked:
		postings["cogs"] = read_cost_of_goods(doc, stocked, settings)
	return postings


def read_cost_of_goods(doc: Any, stocked: set[str], settings: Any) -> JournalDocument:
	"""What the shipped goods cost, as the ledger says now: out of inventory, into cost of goods."""
	values = read_line_values(doc.doctype, doc.name)
	debit, credit = (
		name_account(settings, "cost_of_goods_account"),
		name_account(settings, "inventory_asset_account"),
	)
	return JournalDocument(
		kind="cogs",
		source_doctype=doc.doctype,
		source_name=doc.name,
		posting_date=getdate(doc.posting_date),
		doc_number=doc.name,
		lines=tuple(
			part
			for line in doc.lines
			if line.item in stocked
			for part in move_value(
				-values.get(line.name, ZERO),
				debit,
				credit,
				line.item,
				class_name=line.class_name or None,
				department=doc.department or None,
			)
		),
	)


def read_ship_doc(doc: Any, moves_stock: bool = False) -> PostingDocument:
	"""What was shipped, as it is to be invoiced: quantities and prices as stored, amounts already rounded."""
	return PostingDocument(
		kind="invoice",
		source_doctype=doc.doctype,
		source_name=doc.name,
		party=doc.customer,
		posting_date=getdate(doc.posting_date),
		due_date=_read_date(doc.due_date),
		doc_number=doc.name,
		currency=doc.currency,
		exchange_rate=to_decimal(doc.exchange_rate or 1),
		lines=tuple(_read_line(line) for line in doc.lines),
		freight=to_decimal(doc.freight, 2),
		total=to_decimal(doc.total, 2),
		bill_to=read_address(doc, "bill_to"),
		ship_to=read_address(doc, "ship_to"),
		terms=doc.terms or None,
		ship_method=doc.ship_method or None,
		ship_date=getdate(doc.posting_date),
		tracking_number=doc.tracking_number or None,
		po_number=doc.po_number or None,
		sales_rep=doc.sales_rep or None,
		customer_note=doc.customer_note or None,
		private_note=doc.private_note or None,
		department=doc.department or None,
		moves_stock=moves_stock,
	)


def _read_line(line: Any) -> PostingLine:
	return PostingLine(
		row=line.idx,
		item=line.item,
		description=line.description or "",
		quantity=to_decimal(line.quantity),
		unit_price=to_decimal(line.unit_price),
		discount_percent=to_decimal(line.discount_percent or 0),
		amount=to_decimal(line.amount, 2),
		tax_code=line.tax_code or None,
		class_name=line.class_name or None,
	)


def _read_date(value: Any) -> date | None:
	return getdate(value) if value else None


def read_address(doc: Any, prefix: str) -> Address | None:
	"""The address under that prefix of a document or record; None where nothing of it is filled in."""
	parts = {part: (doc.get(f"{prefix}_{part}") or "").strip() for part in ADDRESS_PARTS}
	return Address(**parts) if any(parts.values()) else None
