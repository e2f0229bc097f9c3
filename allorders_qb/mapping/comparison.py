"""What QuickBooks made of a document, against ours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from allorders_qb.mapping.company import CompanyProfile
from allorders_qb.mapping.payload import write_number
from allorders_qb.mapping.posting import PostingDocument, PurchaseDocument
from allorders_qb.mapping.sales_lines import SHIPPING_ITEM_ID
from allorders_qb.mapping.search import list_moves
from allorders_qb.money import to_decimal


@dataclass(frozen=True)
class Comparison:
	"""What QuickBooks made of a document: its tax, total and net (total less tax) in the document's currency, and whether
	the net differs from ours or lines are missing; `reason` is a sentence then, else None."""

	differs: bool
	reason: str | None
	tax: Decimal
	total: Decimal
	net: Decimal


def compare_sales_form(
	document: PostingDocument, company: CompanyProfile, answer: Mapping[str, Any]
) -> Comparison:
	"""Return how QuickBooks' form compares with ours: the net must be ours to the cent, and the tax where ours is the rule."""
	tax = _read_money((answer.get("TxnTaxDetail") or {}).get("TotalTax"))
	total = _read_money(answer.get("TotalAmt"))
	net = total - tax
	reason = _find_difference(document, company, answer, net, total)
	return Comparison(differs=reason is not None, reason=reason, tax=tax, total=total, net=net)


def compare_purchase(document: PurchaseDocument, answer: Mapping[str, Any]) -> Comparison:
	"""Return how QuickBooks' bill or vendor credit compares with ours: the net must be ours to the cent, line for line."""
	tax = _read_money((answer.get("TxnTaxDetail") or {}).get("TotalTax"))
	total = _read_money(answer.get("TotalAmt"))
	reason = _explain_net(document.total, total - tax) or _explain_tax(document.tax, tax)
	amounts = [_read_money(line.get("Amount")) for line in answer.get("Line") or ()]
	if not reason and sorted(amounts) != sorted(line.amount for line in document.lines):
		reason = "QuickBooks' lines are not those that were sent. Open it in QuickBooks."
	return Comparison(reason is not None, reason, tax, total, total - tax)


def compare_total(ours: Decimal, answer: Mapping[str, Any]) -> Comparison:
	"""Return how a transaction without lines of ours compares: by its total alone."""
	total = _read_money(answer.get("TotalAmt"))
	reason = _explain_net(ours, total)
	return Comparison(reason is not None, reason, Decimal(0), total, total)


def compare_moves(sent: Mapping[str, Any] | None, answer: Mapping[str, Any]) -> Comparison:
	"""Return how a journal entry or inventory adjustment compares with what was sent: each account's or item's change.

	The total is the sum of a journal's debits; QuickBooks gives an adjustment none.
	"""
	debits = (
		_read_money(line.get("Amount"))
		for line in answer.get("Line") or ()
		if (line.get("JournalEntryLineDetail") or {}).get("PostingType") == "Debit"
	)
	total = sum(debits, Decimal(0))
	reason = None
	if sent is not None and list_moves(sent) != list_moves(answer):
		reason = (
			"QuickBooks' lines are not those that were sent. Open it in QuickBooks and see which differs."
		)
	return Comparison(reason is not None, reason, Decimal(0), total, total)


def _explain_net(ours: Decimal, theirs: Decimal) -> str | None:
	if theirs == ours:
		return None
	return (
		f"QuickBooks has {theirs} before tax, ours is {ours} (difference {theirs - ours}). "
		"Open it in QuickBooks and see which line differs."
	)


def _explain_total(ours: Decimal, theirs: Decimal) -> str | None:
	if theirs == ours:
		return None
	return (
		f"QuickBooks has {theirs} with tax, ours is {ours} (difference {theirs - ours}). "
		"Open it in QuickBooks and see which line differs."
	)


def _explain_tax(ours: Decimal | None, theirs: Decimal) -> str | None:
	"""Return how the tax differs where ours is the rule (`ours` is not None)."""
	if ours is None or theirs == ours:
		return None
	return (
		f"QuickBooks has {theirs} of tax, ours is {ours} (difference {theirs - ours}). "
		"Open it in QuickBooks and see which tax code differs."
	)


def _find_difference(
	document: PostingDocument,
	company: CompanyProfile,
	answer: Mapping[str, Any],
	net: Decimal,
	total: Decimal,
) -> str | None:
	with_tax = document.prices_with_tax
	if reason := _explain_total(document.total, total) if with_tax else _explain_net(document.total, net):
		return reason
	if reason := _explain_tax(document.tax, total - net):
		return reason
	sold = [line for line in answer.get("Line") or () if line.get("DetailType") == "SalesItemLineDetail"]
	goods = [line for line in sold if _read_item(line) != SHIPPING_ITEM_ID]
	if len(goods) < len(document.lines):
		return f"QuickBooks has {len(goods)} lines, we sent at least {len(document.lines)}. Open it in QuickBooks."
	lines_sum = sum((_read_money(line.get("Amount")) for line in sold), Decimal(0))
	expected = net if with_tax else document.total
	if lines_sum != expected:
		return f"QuickBooks' lines add up to {lines_sum}, ours to {expected}. Open it in QuickBooks."
	if not company.multicurrency:
		return None
	currency = (answer.get("CurrencyRef") or {}).get("value") or company.home_currency
	if currency != (document.currency or company.home_currency):
		return f"QuickBooks has it in {currency}, ours is in {document.currency}. Open it in QuickBooks."
	rate = to_decimal(answer.get("ExchangeRate") or 1)
	if currency != company.home_currency and rate != document.exchange_rate:
		return (
			f"QuickBooks has it at the exchange rate {write_number(rate)}, ours is {write_number(document.exchange_rate)}. "
			"Open it in QuickBooks."
		)
	return None


def _read_item(line: Mapping[str, Any]) -> str:
	return str(((line.get("SalesItemLineDetail") or {}).get("ItemRef") or {}).get("value") or "")


def _read_money(value: Any) -> Decimal:
	return to_decimal(value, 2)
