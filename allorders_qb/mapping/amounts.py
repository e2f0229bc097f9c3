"""Whether a document's lines, freight and total tie to the cent, and are such as QuickBooks can take."""

from __future__ import annotations

from allorders_qb.mapping.errors import MappingError
from allorders_qb.mapping.limits import PRICE_PLACES
from allorders_qb.mapping.payload import write_number
from allorders_qb.mapping.posting import PostingDocument, PostingLine
from allorders_qb.money import line_amount, round_half_up


def check_amounts(document: PostingDocument) -> None:
	"""Raise MappingError unless lines, freight and total of a document tie to the cent and QuickBooks can take them."""
	about = document.source_name
	if not document.lines:
		raise MappingError(f"{about} has no lines. Add one.", field="Lines")
	for line in document.lines:
		_check_line(line, about)
	if document.freight < 0:
		raise MappingError(
			f"{about}, Freight: {document.freight} is below zero. Enter zero or more.", field="Freight"
		)
	total = sum((line.amount for line in document.lines), document.freight)
	if total != document.total:
		raise MappingError(
			f"{about}, Total: {document.total} is not the sum of its lines and freight ({total}). Save the document again.",
			field="Total",
		)
	if total < 0:
		raise MappingError(
			f"{about}, Total: {total} is below zero, and QuickBooks has no negative invoice. Use a customer return instead.",
			field="Total",
		)


def _check_line(line: PostingLine, about: str) -> None:
	where = f"{about}, row {line.row}"
	if line.quantity <= 0:
		raise MappingError(
			f"{where}, Quantity: {write_number(line.quantity)} is not above zero. Correct it or remove the row.",
			field="Quantity",
			row=line.row,
		)
	if not 0 <= line.discount_percent <= 100:
		raise MappingError(
			f"{where}, Discount %: {write_number(line.discount_percent)} is not between 0 and 100. Correct it.",
			field="Discount %",
			row=line.row,
		)
	for label, value in (("Quantity", line.quantity), ("Unit Price", line.unit_price)):
		if round_half_up(value, PRICE_PLACES) != value:
			raise MappingError(
				f"{where}, {label}: {write_number(value)} has more than {PRICE_PLACES} decimals. Round it.",
				field=label,
				row=line.row,
			)
	expected = line_amount(line.quantity, line.unit_price, line.discount_percent)
	if line.amount != expected:
		raise MappingError(
			f"{where}, Amount: {line.amount} is not quantity x price less discount, which is {expected}. "
			"Save the document again.",
			field="Amount",
			row=line.row,
		)
