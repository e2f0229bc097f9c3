"""Ledger lines of sales forms: income, shipping, discount, tax; and what they move of stock. ``sign`` is -1 for what gives back."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from qbo_emulator import ledger, stock
from qbo_emulator.costing import CUSTOMER_RETURN, SALE
from qbo_emulator.entities.currency import convert_to_home
from qbo_emulator.money import to_cents, to_scaled_quantity
from qbo_emulator.work import Work

ZERO = Decimal(0)


def build_sales_postings(
	work: Work, document: dict[str, Any], party: int | None, sign: int
) -> list[ledger.Posting]:
	"""Return the postings of a form's lines and tax, each line converted to home currency by itself."""
	company = work.company
	rate = document.get("ExchangeRate", Decimal(1))
	postings: list[ledger.Posting] = []

	def add(account: int, amount: Decimal, memo: str, item: int | None = None) -> None:
		cents = -sign * to_cents(convert_to_home(amount, rate))
		postings.append(ledger.Posting(account, cents, memo, party, item))

	for line in list_item_lines(document["Line"]):
		detail = line["SalesItemLineDetail"]
		if "ItemAccountRef" in detail:
			item = int(detail["ItemRef"]["value"])
			memo = line.get("Description", detail["ItemRef"]["name"])[:200]
			add(int(detail["ItemAccountRef"]["value"]), line["Amount"], memo, item)
		else:
			add(company.get_role("shipping_income"), line["Amount"], "Shipping")
	for line in document["Line"]:
		if line["DetailType"] == "DiscountLineDetail":
			account = int(line["DiscountLineDetail"]["DiscountAccountRef"]["value"])
			add(account, -line["Amount"], "Discount")
	tax = document.get("TxnTaxDetail", {}).get("TotalTax", ZERO)
	if tax:
		add(company.get_role("sales_tax"), tax, "Sales tax")
	return postings


def build_sales_moves(work: Work, document: dict[str, Any], party: int | None, sign: int) -> list[stock.Move]:
	"""Return what a form moves of Inventory items; a negative quantity moves the other way."""
	kind = SALE if sign > 0 else CUSTOMER_RETURN
	moves = []
	for line in list_item_lines(document["Line"]):
		detail = line["SalesItemLineDetail"]
		quantity = to_scaled_quantity(detail.get("Qty", ZERO))
		if "ItemAccountRef" in detail and quantity and stock.is_tracked(work, detail["ItemRef"]["value"]):
			moves.append(stock.Move(int(detail["ItemRef"]["value"]), -sign * quantity, kind, party=party))
	return moves


def close_postings(
	work: Work, own: list[ledger.Posting], postings: list[ledger.Posting], party: int | None
) -> list[ledger.Posting]:
	"""Return all postings, with the cents by which lines converted one by one miss the converted total."""
	difference = -sum(posting.cents for posting in (*own, *postings))
	if difference:
		account = work.company.get_role("exchange_gain_or_loss")
		postings = [*postings, ledger.Posting(account, difference, "Rounding of the exchange rate", party)]
	return [*own, *postings]


def list_item_lines(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
	"""Return the item lines, those inside bundles included."""
	found = []
	for line in lines:
		if line["DetailType"] == "SalesItemLineDetail":
			found.append(line)
		elif line["DetailType"] == "GroupLineDetail":
			found.extend(line["GroupLineDetail"]["Line"])
	return found


def blank_line(line: dict[str, Any]) -> dict[str, Any]:
	"""Return a line with amount and quantity 0."""
	blanked = dict(line)
	if "Amount" in blanked:
		blanked["Amount"] = ZERO
	for name in ("SalesItemLineDetail", "GroupLineDetail"):
		if name in blanked:
			detail = dict(blanked[name])
			detail.update(
				{key: ZERO for key in ("Qty", "UnitPrice", "Quantity", "TaxInclusiveAmt") if key in detail}
			)
			if "Line" in detail:
				detail["Line"] = [blank_line(inner) for inner in detail["Line"]]
			blanked[name] = detail
	return blanked
