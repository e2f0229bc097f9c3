"""What documents about a customer share: the sales form that one becomes. Money as stored, amounts already rounded."""

from datetime import date
from decimal import Decimal
from typing import Any

from frappe.utils import getdate

from allorders_qb.fulfilment import taxing
from allorders_qb.mapping.posting import Address, PostingDocument, PostingLine, TaxShare
from allorders_qb.money import to_decimal

ADDRESS_PARTS = ("line1", "line2", "city", "state", "postal_code", "country")


def read_sales_form(doc: Any, kind: str, moves_stock: bool = False, **values: Any) -> PostingDocument:
	"""The sales form of that kind (``PostingDocument.kind``); ``values`` are what only some documents have."""
	with_tax = taxing.is_with_tax(doc)
	return PostingDocument(
		kind=kind,
		source_doctype=doc.doctype,
		source_name=doc.name,
		party=doc.customer,
		posting_date=getdate(doc.posting_date),
		due_date=_read_date(doc.get("due_date")),
		doc_number=doc.name,
		currency=doc.currency,
		exchange_rate=to_decimal(doc.exchange_rate or 1),
		lines=tuple(_read_line(line, with_tax) for line in doc.lines),
		freight=to_decimal(doc.freight, 2),
		total=to_decimal(doc.subtotal, 2) + to_decimal(doc.freight, 2),
		bill_to=read_address(doc, "bill_to"),
		ship_to=read_address(doc, "ship_to"),
		terms=doc.terms or None,
		po_number=doc.po_number or None,
		sales_rep=doc.sales_rep or None,
		customer_note=doc.customer_note or None,
		private_note=doc.private_note or None,
		department=doc.department or None,
		tax=to_decimal(doc.tax_total, 2) if taxing.is_ours(doc) else None,
		tax_shares=read_tax_shares(doc),
		prices_with_tax=with_tax,
		freight_net=_read_freight_net(doc) if with_tax else None,
		moves_stock=moves_stock,
		**values,
	)


def read_payment_at_once(doc: Any, account: str | None) -> dict[str, str | None]:
	"""How a sale or a refund was paid: by the document's own account, else by ``account`` (of the settings)."""
	return {
		"payment_account": doc.payment_account or account or None,
		"payment_method": doc.payment_method or None,
		"payment_reference": doc.payment_reference or None,
	}


def read_tax_shares(doc: Any) -> tuple[TaxShare, ...]:
	"""What each rate comes to, where the document says so; nothing where QuickBooks computes it."""
	if not taxing.is_ours(doc):
		return ()
	return tuple(
		TaxShare(
			row.tax_rate, to_decimal(row.rate), to_decimal(row.net_amount, 2), to_decimal(row.tax_amount, 2)
		)
		for row in doc.taxes
	)


def _read_freight_net(doc: Any) -> Decimal:
	return to_decimal(doc.net_total, 2) - sum(
		(to_decimal(line.net_amount, 2) for line in doc.lines), Decimal(0)
	)


def _read_line(line: Any, with_tax: bool) -> PostingLine:
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
		net=to_decimal(line.net_amount, 2) if with_tax else None,
	)


def _read_date(value: Any) -> date | None:
	return getdate(value) if value else None


def read_address(doc: Any, prefix: str) -> Address | None:
	"""The address under that prefix of a document or record; None where nothing of it is filled in."""
	parts = {part: (doc.get(f"{prefix}_{part}") or "").strip() for part in ADDRESS_PARTS}
	return Address(**parts) if any(parts.values()) else None
