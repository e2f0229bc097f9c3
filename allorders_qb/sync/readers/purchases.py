"""What comes from vendors, and goes back to them: bills, vendor credits, and the journals of what the goods are worth.

AO Receiver, AO Vendor Bill and AO Vendor Return. Quantities go in stock units, which is what QuickBooks counts. The vendor's
payable is the vendor's own total: freight and duty are in the goods' value, and stand against *Landed cost clearing* until
their own bill comes. Decided in ``accounting.md`` 4 to 6 of the design notes.
"""

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import frappe
from frappe import _
from frappe.utils import formatdate, getdate

from allorders_qb.fulfilment import taxing
from allorders_qb.fulfilment.goods import list_stocked_items
from allorders_qb.fulfilment.receiving import BILL_LATER, share_tax
from allorders_qb.fulfilment.tax import TaxedLine, compute_tax
from allorders_qb.mapping.dispatch import Posting
from allorders_qb.mapping.posting import (
	JournalDocument,
	JournalLine,
	PurchaseDocument,
	PurchaseLine,
	TaxShare,
)
from allorders_qb.money import multiply, round_half_up, to_decimal
from allorders_qb.stock.quantities import QUANTITY_PLACES, format_quantity
from allorders_qb.stock.vouchers import read_line_values
from allorders_qb.sync.inventory import COUNTED, NOT_CHOSEN, VALUES, get_mode
from allorders_qb.sync.provisional.records import Billed, read_billed
from allorders_qb.sync.readers.journals import make_journal, name_account, post_value
from allorders_qb.sync.readers.sales import read_tax_shares

ZERO = Decimal(0)

INVENTORY = "inventory_asset_account"
COST_OF_GOODS = "cost_of_goods_account"
CLEARING = "landed_cost_clearing_account"
NOT_BILLED = "received_not_billed_account"
DIFFERENCE = "cost_difference_account"
VARIANCE = "purchase_variance_account"

NUMBER_ENDINGS = {"landed_cost": "-F", "accrual_reversal": "-R"}
"""What is put after the document's number on its second journal: two of one number would pass for the same."""


def read_receiver_postings(doc: Any, mode: str, settings: Any) -> dict[str, Posting]:
	"""What was received: its bill, or what is owed until that comes; and what freight and duty add to the goods."""
	stocked = list_stocked_items({line.item for line in doc.lines})
	postings: dict[str, Posting] = {}
	if doc.billing != BILL_LATER:
		postings["bill"] = read_receivers_bill(doc, mode, stocked, settings)
	elif mode == COUNTED:
		postings["bill"] = read_rest(doc, settings)
	elif mode == VALUES:
		postings["accrual"] = read_accrual(doc, stocked, settings)
	if mode == VALUES and doc.landed_costs:
		postings["landed_cost"] = make_numbered_journal(
			doc,
			"landed_cost",
			move_lines(read_amounts(doc.lines, "landed_cost"), settings, INVENTORY, CLEARING),
		)
	return postings


def read_receivers_bill(doc: Any, mode: str, stocked: set[str], settings: Any) -> PurchaseDocument:
	"""The bill that comes with the goods. Where QuickBooks counts, its lines bear freight and duty, and one line takes them
	off again."""
	landed = share_landed_costs(doc) if mode == COUNTED else {}
	lines = [*read_goods(doc, landed), *take_off_landed(landed, settings)]
	return make_purchase(
		doc,
		"bill",
		lines,
		moves_stock=mode == COUNTED and bool(stocked),
		doc_number=doc.vendor_invoice_number,
	)


def read_rest(doc: Any, settings: Any, also: str | None = None) -> PurchaseDocument:
	"""The provisional bill of a receiver where QuickBooks counts: what no vendor's bill there has of it. ``also`` is one that
	counts as if it were there. Without lines where nothing is left."""
	billed, rate = read_billed(doc.name, also), get_rate(doc)
	landed, lines = {}, []
	for line, goods in zip(doc.lines, read_goods(doc), strict=True):
		gone = billed.get(line.name) or Billed()
		quantity = goods.quantity - gone.quantity
		if quantity <= 0:
			continue
		landed[line.idx] = convert(to_decimal(line.landed_cost, 2) - gone.landed, rate)
		lines.append(
			replace(
				goods,
				quantity=quantity,
				amount=goods.amount - convert(gone.cost, rate) + landed[line.idx],
				description=describe(line, quantity),
			)
		)
	note = "\n".join(part for part in (_("Received, not billed yet."), doc.private_note) if part)
	return make_purchase(
		doc,
		"bill",
		[*lines, *take_off_landed(landed, settings)],
		moves_stock=bool(list_stocked_items({line.item for line in lines})),
		doc_number=None,
		private_note=note,
	)


def take_off_landed(landed: dict[int, Decimal], settings: Any) -> list[PurchaseLine]:
	"""The line that takes freight and duty, which goods bear, off what the vendor is owed."""
	if not any(landed.values()):
		return []
	account, field = name_account(settings, CLEARING)
	total = sum(landed.values(), ZERO)
	return [PurchaseLine(None, -total, _("Freight and duty"), account=account, account_field=field)]


def read_goods(doc: Any, landed: dict[int, Decimal] | None = None) -> list[PurchaseLine]:
	"""The lines of a vendor's document, in stock units, with the tax that is part of the cost, and freight and duty by row."""
	taxes = share_tax(doc) if doc.get("tax_in_cost") else {}
	return [
		PurchaseLine(
			row=line.idx,
			amount=read_net(doc, line) + taxes.get(line.idx, ZERO) + (landed or {}).get(line.idx, ZERO),
			description=describe(line),
			item=line.item,
			quantity=to_decimal(line.stock_quantity, QUANTITY_PLACES),
			tax_code=line.tax_code or None,
			class_name=line.class_name or None,
			gross=to_decimal(line.amount, 2) if taxing.is_with_tax(doc) else None,
		)
		for line in doc.lines
	]


def read_net(doc: Any, line: Any) -> Decimal:
	"""What a line comes to before tax."""
	return to_decimal(line.net_amount if taxing.is_with_tax(doc) else line.amount, 2)


def describe(line: Any, quantity: Decimal | None = None) -> str:
	"""The line's description, with the unit it was bought in where that is another than QuickBooks counts in; ``quantity`` is in
	stock units where it is not the whole line."""
	text, conversion = line.description or "", to_decimal(line.conversion or 1)
	if conversion == 1:
		return text
	units = to_decimal(line.quantity) if quantity is None else quantity / conversion
	bought = f"{format_quantity(round_half_up(units, QUANTITY_PLACES))} {line.purchase_unit or ''}".strip()
	return f"{text} ({bought})" if text else bought


def share_landed_costs(doc: Any) -> dict[int, Decimal]:
	"""Freight and duty by row, in the document's currency: what it carries them at in its lines."""
	rate = get_rate(doc)
	return {line.idx: convert(to_decimal(line.landed_cost, 2), rate) for line in doc.lines}


def get_rate(doc: Any) -> Decimal:
	"""Home currency per unit of the document's."""
	return to_decimal(doc.exchange_rate) or Decimal(1)


def convert(amount: Decimal, rate: Decimal) -> Decimal:
	"""An amount in home currency in the document's, to the cent."""
	return round_half_up(amount / rate)


def read_accrual(doc: Any, stocked: set[str], settings: Any) -> JournalDocument:
	"""What was received and is not billed yet: onto inventory, owed to nobody in particular."""
	rows = [line for line in doc.lines if line.item in stocked]
	return make_numbered_journal(
		doc, "accrual", move_lines(read_amounts(rows, "goods_cost"), settings, INVENTORY, NOT_BILLED)
	)


def read_bill_postings(doc: Any, mode: str, settings: Any) -> dict[str, Posting]:
	"""A vendor's bill for what was received before: the bill, what was owed until then back, and what it changes of the
	goods' value."""
	stocked = list_stocked_items({line.item for line in doc.lines})
	account, field = name_account(settings, CLEARING)
	landed = share_landed_costs(doc) if mode == COUNTED else {}
	lines = [*read_goods(doc, landed), *take_off_landed(landed, settings)] + [
		PurchaseLine(
			row.idx,
			read_net(doc, row),
			row.description or "",
			account=account,
			account_field=field,
			tax_code=row.tax_code or None,
			class_name=row.class_name or None,
			gross=to_decimal(row.amount, 2) if taxing.is_with_tax(doc) else None,
		)
		for row in doc.landed_costs
	]
	postings: dict[str, Posting] = {
		"bill": make_purchase(
			doc,
			"bill",
			lines,
			moves_stock=mode == COUNTED and bool(stocked),
			doc_number=doc.vendor_invoice_number,
			cannot=explain_opening_stock(doc, settings) if mode == COUNTED else None,
		)
	}
	rows = [line for line in doc.lines if line.item in stocked]
	if mode == VALUES and rows:
		postings["accrual_reversal"] = make_numbered_journal(
			doc,
			"accrual_reversal",
			move_lines(read_amounts(rows, "received_cost"), settings, NOT_BILLED, INVENTORY),
		)
	if mode != NOT_CHOSEN:
		postings["revaluation"] = read_revaluation(doc, rows, mode, settings)
	return postings


def explain_opening_stock(doc: Any, settings: Any) -> str | None:
	"""Why a bill cannot bring its goods into QuickBooks, which has them with the opening stock already; None where it can."""
	for line in doc.lines:
		received = frappe.db.get_value("AO Receiver", line.receiver, "posting_date")
		if get_mode(settings, received) == NOT_CHOSEN:
			return _(
				"row {0}: {1} was received before {2}, the start of inventory in QuickBooks, and its goods are part of the opening "
				"stock. Enter this bill there without them, and tick Never Send here."
			).format(line.idx, line.receiver, formatdate(settings.inventory_start_date))
	return None


def read_revaluation(doc: Any, rows: list[Any], mode: str, settings: Any) -> JournalDocument:
	"""What a bill charges to goods that have been sold, and what actual freight and duty change of those on hand.

	The item lines of the bill put its whole price into inventory: what of the difference fell on sold goods comes out again.
	Where QuickBooks counts, no journal touches its inventory: what differs from its own value stands on an account of its own.
	"""
	on_hand = INVENTORY if mode == VALUES else DIFFERENCE
	values = read_line_values(doc.doctype, doc.name)

	def divide(changed: Iterable[Any]) -> tuple[list[tuple[Any, Decimal]], list[tuple[Any, Decimal]]]:
		"""What of each row's difference is on hand, as the ledger says now, and what is charged."""
		revalued = [(row, values.get(row.name, ZERO)) for row in changed]
		return revalued, [(row, to_decimal(row.difference, 2) - value) for row, value in revalued]

	lines = []
	if mode == VALUES:
		lines += move_lines(divide(rows)[1], settings, COST_OF_GOODS, INVENTORY)
	revalued, charged = divide(doc.landed_costs)
	lines += move_lines(revalued, settings, on_hand, CLEARING)
	lines += move_lines(charged, settings, COST_OF_GOODS, CLEARING)
	return make_numbered_journal(doc, "revaluation", lines)


def read_return_postings(doc: Any, mode: str, settings: Any) -> dict[str, Posting]:
	"""What went back: the vendor's credit, and what it is more or less than the goods cost us."""
	stocked = list_stocked_items({line.item for line in doc.lines})
	postings: dict[str, Posting] = {
		"vendor_credit": make_purchase(
			doc,
			"vendor_credit",
			read_goods(doc),
			moves_stock=mode == COUNTED and bool(stocked),
			doc_number=doc.vendor_credit_number,
		)
	}
	if mode == VALUES and stocked:
		values, rate = read_line_values(doc.doctype, doc.name), to_decimal(doc.exchange_rate) or Decimal(1)
		variances = [
			(
				line,
				round_half_up(multiply(read_net(doc, line) + to_decimal(line.tax_amount, 2), rate))
				+ values.get(line.name, ZERO),
			)
			for line in doc.lines
			if line.item in stocked
		]
		postings["variance"] = make_numbered_journal(
			doc, "variance", move_lines(variances, settings, INVENTORY, VARIANCE)
		)
	return postings


def make_purchase(doc: Any, kind: str, lines: list[PurchaseLine], **values: Any) -> PurchaseDocument:
	"""A bill or vendor credit of a document, under the vendor's number where it has one."""
	tax = to_decimal(doc.tax_total, 2)
	is_ours = taxing.is_ours(doc) or bool(tax)
	values["doc_number"] = values.get("doc_number") or None
	return PurchaseDocument(
		kind=kind,
		source_doctype=doc.doctype,
		source_name=doc.name,
		party=doc.vendor,
		posting_date=getdate(doc.posting_date),
		due_date=getdate(doc.due_date) if doc.get("due_date") else None,
		currency=doc.currency,
		exchange_rate=to_decimal(doc.exchange_rate or 1),
		lines=tuple(lines),
		total=sum((line.amount for line in lines), ZERO),
		terms=doc.terms or None,
		department=doc.department or None,
		tax=tax if is_ours and not doc.get("tax_in_cost") else None,
		tax_shares=read_purchase_shares(doc, tax),
		prices_with_tax=taxing.is_with_tax(doc),
		**{"private_note": doc.private_note or None, **values},
	)


def read_purchase_shares(doc: Any, tax: Decimal) -> tuple[TaxShare, ...]:
	"""What each rate comes to of a document's tax. One from before documents said so had its tax entered: it is shared over the
	rates of its codes, and over none where some of them have not been read yet."""
	if taxing.is_ours(doc) or not tax or doc.get("tax_in_cost"):
		return read_tax_shares(doc)
	rows = [*doc.lines, *(doc.get("landed_costs") or [])]
	codes = taxing.read_tax_codes((row.get("tax_code") for row in rows), taxing.PURCHASE)
	lines = [
		TaxedLine(to_decimal(row.amount, 2), codes[row.tax_code].rates)
		for row in rows
		if row.get("tax_code") in codes
	]
	if any(code.is_incomplete for code in codes.values()) or not any(line.rates for line in lines):
		return ()
	shared = compute_tax(lines, inclusive=False, entered=tax)
	return tuple(TaxShare(rate.rate.name, rate.rate.percent, rate.net, rate.tax) for rate in shared.rates)


def read_amounts(rows: Iterable[Any], fieldname: str) -> list[tuple[Any, Decimal]]:
	"""Each row with an amount of its own, in home currency."""
	return [(row, to_decimal(row.get(fieldname), 2)) for row in rows]


def move_lines(
	amounts: Iterable[tuple[Any, Decimal]], settings: Any, debit: str, credit: str
) -> list[JournalLine]:
	"""The two journal lines by which an amount of each row (home currency) goes from one account of the settings to another."""
	accounts = name_account(settings, debit), name_account(settings, credit)
	return [
		post_value(
			sign * amount,
			account,
			row.get("item") or row.get("description") or "",
			row.get("item") or None,
			row.get("class_name") or None,
		)
		for row, amount in amounts
		for account, sign in zip(accounts, (1, -1), strict=True)
	]


def make_numbered_journal(doc: Any, kind: str, lines: list[JournalLine]) -> JournalDocument:
	"""The journal of one role of a document, under a number that no other journal of the document has."""
	return replace(make_journal(doc, kind, lines), doc_number=doc.name + NUMBER_ENDINGS.get(kind, ""))
