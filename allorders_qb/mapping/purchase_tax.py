"""The tax of a vendor's lines: the code of each, and whether costs that hold their tax can go as such.

Source: Intuit's sales tax workflow for other countries than the US.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from allorders_qb.mapping.company import CompanyProfile
from allorders_qb.mapping.errors import MappingError
from allorders_qb.mapping.posting import PurchaseLine, References
from allorders_qb.mapping.refs import find_ref
from allorders_qb.money import multiply, round_half_up


def build_purchase_tax(
	tax_code: str | None, references: References, company: CompanyProfile, *, about: str, row: int | None
) -> dict[str, Any]:
	"""Return a line's TaxCodeRef. US companies have no tax on purchases; others need a code on every line."""
	if company.is_us or not company.using_sales_tax:
		return {}
	if not tax_code:
		where = f"{about}, row {row}" if row else about
		raise MappingError(
			f"{where}, Tax Code is empty, and QuickBooks requires one on every line. Choose one.",
			field="Tax Code",
			row=row,
		)
	return {"TaxCodeRef": find_ref(references.tax_codes, tax_code, "Tax Code", about=about, row=row)}


def splits_alike(lines: Sequence[PurchaseLine]) -> bool:
	"""Return whether each line's tax, which is in its gross amount, is also its share of what its tax code has in all.

	Intuit does not say by which of the two QuickBooks finds a line's net amount, and stock is worth the net. Where they differ
	by a cent the bill goes with its net amounts and the same tax instead, which leaves no doubt.
	"""
	groups: dict[str | None, list[PurchaseLine]] = defaultdict(list)
	for line in lines:
		groups[line.tax_code].append(line)
	return all(_splits_group_alike(group) for group in groups.values())


def _splits_group_alike(lines: Sequence[PurchaseLine]) -> bool:
	grosses = [line.amount if line.gross is None else line.gross for line in lines]
	taxes = [gross - line.amount for gross, line in zip(grosses, lines, strict=True)]
	whole, held = sum(grosses, Decimal(0)), sum(taxes, Decimal(0))
	if not whole:
		return not any(taxes)
	shares = [round_half_up(multiply(held, gross) / whole) for gross in grosses]
	return shares == taxes
