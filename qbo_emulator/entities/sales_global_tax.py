"""Tax of sales forms outside the US: what ``global_tax`` makes of their lines, bundles, shipping and discount."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from qbo_emulator.entities.global_tax import SALE, settle_global_tax
from qbo_emulator.entities.sales_lines import SalesLines
from qbo_emulator.money import round_half_up
from qbo_emulator.work import Work

ZERO = Decimal(0)


def settle_sales_tax(
	work: Work, document: dict[str, Any], lines: SalesLines, sent: dict[str, Any] | None
) -> Decimal:
	"""Tax a form's lines, make their sums anew, and return the tax."""

	def find_discount() -> Decimal:
		sum_anew(document["Line"], lines)
		return lines.discount

	tax = settle_global_tax(work, document, SALE, sent, find_discount)
	sum_anew(document["Line"], lines)
	return tax.total


def sum_anew(stored: list[dict[str, Any]], lines: SalesLines) -> None:
	"""Set the sums that hang on other lines' amounts: bundles, subtotal, a discount in percent."""
	lines.subtotal = lines.shipping = ZERO
	for line in stored:
		kind = line["DetailType"]
		if kind == "GroupLineDetail":
			line["Amount"] = sum((part["Amount"] for part in line["GroupLineDetail"]["Line"]), ZERO)
		if kind == "SalesItemLineDetail" and "ItemAccountRef" not in line[kind]:
			lines.shipping = line["Amount"]
		elif kind in ("SalesItemLineDetail", "GroupLineDetail"):
			lines.subtotal += line["Amount"]
		elif kind == "SubTotalLineDetail":
			line["Amount"] = lines.subtotal
		elif kind == "DiscountLineDetail":
			detail = line["DiscountLineDetail"]
			if detail["PercentBased"]:
				line["Amount"] = round_half_up(lines.subtotal * detail["DiscountPercent"] / 100)
			lines.discount = line["Amount"]
