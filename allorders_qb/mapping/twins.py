"""What a transaction in QuickBooks says now, against what it said when we sent it: voided, or edited and in what.

What moves by itself is no edit: balances and links change when an invoice is paid, and every write counts a token up.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from allorders_qb.money import to_decimal

VOIDED_NOTE = "Voided"

_REFERENCES = {
	"CustomerRef": "Customer",
	"VendorRef": "Vendor",
	"CurrencyRef": "Currency",
	"APAccountRef": "A/P Account",
	"DepositToAccountRef": "Deposit To",
	"AdjustAccountRef": "Adjustment Account",
	"DepartmentRef": "Location",
	"ClassRef": "Class",
	"SalesTermRef": "Terms",
	"PaymentMethodRef": "Payment Method",
}
_TEXTS = {
	"DocNumber": "Number",
	"TxnDate": "Date",
	"DueDate": "Due Date",
	"PaymentRefNum": "Payment Reference",
}
_AMOUNTS = {"TotalAmt": "Total"}
_RATES = {"ExchangeRate": "Exchange Rate"}
_DETAIL_REFERENCES = {
	"ItemRef": "item",
	"AccountRef": "account",
	"ClassRef": "class",
	"TaxCodeRef": "tax code",
	"DepartmentRef": "location",
}
_DETAIL_NUMBERS = {"Qty": "quantity", "UnitPrice": "unit price", "QtyDiff": "quantity"}
_NOT_OURS = ("SubTotalLineDetail",)
"""Lines that QuickBooks adds by itself."""

MAX_DIFFERENCES = 8


@dataclass(frozen=True)
class Difference:
	"""One thing that is no longer as it was sent; values as a person reads them, empty where there is none."""

	label: str
	ours: str
	theirs: str

	def __str__(self) -> str:
		return f"{self.label}: {self.ours or '–'} → {self.theirs or '–'}"


def is_voided(remote: Mapping[str, Any]) -> bool:
	"""Return whether QuickBooks has voided a transaction: "Voided" stands before its note, and nothing is left of it."""
	note = str(remote.get("PrivateNote") or "").lstrip()
	return note.startswith(VOIDED_NOTE) and not to_decimal(remote.get("TotalAmt"), 2)


def list_twin_differences(sent: Mapping[str, Any], now: Mapping[str, Any]) -> list[Difference]:
	"""Return in what a transaction differs from how QuickBooks returned it when it was sent."""
	found = [*_compare_heads(sent, now), *_compare_tax(sent, now), *_compare_lines(sent, now)]
	return [difference for difference in found if difference.ours != difference.theirs]


def describe_differences(differences: list[Difference]) -> str:
	"""Return the differences as one text, the first few of many."""
	shown = "; ".join(str(difference) for difference in differences[:MAX_DIFFERENCES])
	more = len(differences) - MAX_DIFFERENCES
	return f"{shown}; and {more} more" if more > 0 else shown


def _compare_heads(sent: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[Difference]:
	for field, label in _TEXTS.items():
		yield Difference(label, str(sent.get(field) or ""), str(now.get(field) or ""))
	for field, label in _AMOUNTS.items():
		yield Difference(label, _show_money(sent.get(field)), _show_money(now.get(field)))
	for field, label in _RATES.items():
		yield Difference(label, _show_number(sent.get(field)), _show_number(now.get(field)))
	for field, label in _REFERENCES.items():
		if _read_ref(sent, field) != _read_ref(now, field):
			yield Difference(label, _show_ref(sent, field), _show_ref(now, field))


def _compare_tax(sent: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[Difference]:
	ours, theirs = ((side.get("TxnTaxDetail") or {}).get("TotalTax") for side in (sent, now))
	yield Difference("Tax", _show_money(ours or 0), _show_money(theirs or 0))


def _compare_lines(sent: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[Difference]:
	"""Lines are the same by their Id; where QuickBooks gave new ones, by their place."""
	ours, theirs = _list_lines(sent), _list_lines(now)
	known = {line.get("Id") for line in theirs}
	by_id = all(line.get("Id") in known for line in ours)
	partners = {line.get("Id"): line for line in theirs} if by_id else {}
	matched = set()
	for place, line in enumerate(ours):
		other = partners.get(line.get("Id")) if by_id else (theirs[place] if place < len(theirs) else None)
		label = f"Line {place + 1}"
		if other is None:
			yield Difference(label, _show_line(line), "")
			continue
		matched.add(id(other))
		yield from _compare_line(label, line, other)
	for line in theirs:
		if id(line) not in matched:
			yield Difference("New line", "", _show_line(line))


def _compare_line(label: str, ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> Iterator[Difference]:
	yield Difference(f"{label} amount", _show_money(ours.get("Amount")), _show_money(theirs.get("Amount")))
	mine, other = _read_detail(ours), _read_detail(theirs)
	for field, name in _DETAIL_NUMBERS.items():
		yield Difference(f"{label} {name}", _show_number(mine.get(field)), _show_number(other.get(field)))
	for field, name in _DETAIL_REFERENCES.items():
		if _read_ref(mine, field) != _read_ref(other, field):
			yield Difference(f"{label} {name}", _show_ref(mine, field), _show_ref(other, field))
	yield Difference(f"{label} side", str(mine.get("PostingType") or ""), str(other.get("PostingType") or ""))


def _list_lines(transaction: Mapping[str, Any]) -> list[Mapping[str, Any]]:
	return [
		line
		for line in transaction.get("Line") or ()
		if line.get("DetailType") not in _NOT_OURS and not _is_link(line)
	]


def _is_link(line: Mapping[str, Any]) -> bool:
	"""Whether a line only says what a payment settles: that is applied and taken back without anybody editing it."""
	return "DetailType" not in line and bool(line.get("LinkedTxn"))


def _read_detail(line: Mapping[str, Any]) -> Mapping[str, Any]:
	return line.get(line.get("DetailType") or "") or {}


def _read_ref(holder: Mapping[str, Any], field: str) -> str:
	return str((holder.get(field) or {}).get("value") or "")


def _show_ref(holder: Mapping[str, Any], field: str) -> str:
	reference = holder.get(field) or {}
	name, value = str(reference.get("name") or ""), str(reference.get("value") or "")
	return name or value


def _show_line(line: Mapping[str, Any]) -> str:
	detail = _read_detail(line)
	name = (
		_show_ref(detail, "ItemRef") or _show_ref(detail, "AccountRef") or str(line.get("Description") or "")
	)
	return " ".join(part for part in (name[:60], _show_money(line.get("Amount"))) if part)


def _show_money(value: Any) -> str:
	return "" if value in (None, "") else str(to_decimal(value, 2))


def _show_number(value: Any) -> str:
	if value in (None, ""):
		return ""
	number = to_decimal(value).normalize()
	return f"{number:f}" if number else str(Decimal(0))
