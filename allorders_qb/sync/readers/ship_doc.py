"""AO Ship Doc -> an invoice, or a sales receipt where it was paid at once; and, where only values are kept in QuickBooks, the
journal of what the goods had cost."""

from decimal import Decimal
from typing import Any

from frappe.utils import cint, getdate

from allorders_qb.fulfilment.goods import list_stocked_items
from allorders_qb.mapping.posting import JournalDocument, PostingDocument
from allorders_qb.stock.vouchers import read_line_values
from allorders_qb.sync.inventory import COUNTED, NOT_CHOSEN, VALUES
from allorders_qb.sync.readers.journals import make_journal, move_value, name_account
from allorders_qb.sync.readers.sales import read_payment_at_once, read_sales_form

ZERO = Decimal(0)


def read_postings(doc: Any, mode: str, settings: Any) -> dict[str, PostingDocument | JournalDocument]:
	"""What was shipped by role: the sale, then its cost."""
	stocked = list_stocked_items({line.item for line in doc.lines}) if mode != NOT_CHOSEN else set()
	sale = read_sale(doc, settings, moves_stock=mode == COUNTED and bool(stocked))
	postings: dict[str, PostingDocument | JournalDocument] = {sale.kind: sale}
	if mode == VALUES and stocked:
		postings["cogs"] = read_cost_of_goods(doc, stocked, settings)
	return postings


def read_sale(doc: Any, settings: Any, moves_stock: bool = False) -> PostingDocument:
	"""What was shipped, as it is to be invoiced, or as it was paid."""
	paid = cint(doc.paid_at_sale)
	payment = read_payment_at_once(doc, settings.get("deposit_account")) if paid else {}
	return read_sales_form(
		doc,
		"sales_receipt" if paid else "invoice",
		moves_stock,
		ship_method=doc.ship_method or None,
		ship_date=getdate(doc.posting_date),
		tracking_number=doc.tracking_number or None,
		**payment,
	)


def read_cost_of_goods(doc: Any, stocked: set[str], settings: Any) -> JournalDocument:
	"""What the shipped goods cost, as the ledger says now: out of inventory, into cost of goods."""
	values = read_line_values(doc.doctype, doc.name)
	debit = name_account(settings, "cost_of_goods_account")
	credit = name_account(settings, "inventory_asset_account")
	return make_journal(
		doc,
		"cogs",
		(
			part
			for line in doc.lines
			if line.item in stocked
			for part in move_value(
				-values.get(line.name, ZERO), debit, credit, line.item, class_name=line.class_name or None
			)
		),
	)
