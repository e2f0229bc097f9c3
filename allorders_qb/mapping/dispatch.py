"""What is done with a posting, by its shape: build its payload, tell whether it is zero, and what it needs in QuickBooks.

One role of one document is one posting; which shape it has is the reader's choice (`posting`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from allorders_qb.mapping.adjustment import build_adjustment, sum_quantities
from allorders_qb.mapping.company import CompanyProfile
from allorders_qb.mapping.comparison import (
	Comparison,
	compare_moves,
	compare_purchase,
	compare_sales_form,
	compare_total,
)
from allorders_qb.mapping.journal import build_journal, is_zero_journal
from allorders_qb.mapping.payment import build_payment
from allorders_qb.mapping.posting import (
	AdjustmentDocument,
	JournalDocument,
	PaymentDocument,
	PostingDocument,
	PurchaseDocument,
	References,
)
from allorders_qb.mapping.purchase import build_purchase_form
from allorders_qb.mapping.sales_form import build_sales_form, list_needed

Posting = PostingDocument | PurchaseDocument | JournalDocument | AdjustmentDocument | PaymentDocument


@dataclass(frozen=True)
class Charges:
	"""The items that stand for what has no line of its own in QuickBooks (local names), and the freight's tax code."""

	freight_item: str | None = None
	discount_item: str | None = None
	freight_tax_code: str | None = None


def build_posting(
	posting: Posting, references: References, company: CompanyProfile, marker: str, charges: Charges
) -> dict[str, Any]:
	"""Return the payload that creates the transaction, numbers as Decimal (see dump_payload). Raises MappingError."""
	if isinstance(posting, PostingDocument):
		return build_sales_form(
			posting,
			references,
			company,
			marker=marker,
			freight_item=charges.freight_item,
			discount_item=charges.discount_item,
			freight_tax_code=charges.freight_tax_code,
		)
	builders = {
		PurchaseDocument: build_purchase_form,
		JournalDocument: build_journal,
		AdjustmentDocument: build_adjustment,
		PaymentDocument: build_payment,
	}
	return builders[type(posting)](posting, references, company, marker)


def compare_posting(
	posting: Posting, company: CompanyProfile, sent: Mapping[str, Any] | None, answer: Mapping[str, Any]
) -> Comparison:
	"""Return what QuickBooks made of a posting. `sent` is the payload that left: costs may have changed since it did. None
	where it is not known (a transaction that a person has linked)."""
	if isinstance(posting, PostingDocument):
		return compare_sales_form(posting, company, answer)
	if isinstance(posting, PurchaseDocument):
		return compare_purchase(posting, answer)
	if isinstance(posting, PaymentDocument):
		return compare_total(posting.total, answer)
	return compare_moves(sent, answer)


def is_zero(posting: Posting) -> bool:
	"""Return whether there is nothing to record: every amount is zero, and QuickBooks counts no goods with it."""
	if isinstance(posting, JournalDocument):
		return is_zero_journal(posting)
	if isinstance(posting, AdjustmentDocument):
		return not sum_quantities(posting)
	if isinstance(posting, PaymentDocument):
		return not posting.total
	freight = posting.freight if isinstance(posting, PostingDocument) else Decimal(0)
	amounts = any(line.amount for line in posting.lines)
	return not (posting.moves_stock or posting.total or freight or amounts)


def list_items(posting: Posting) -> set[str]:
	"""Return the items on a posting's lines, whether the payload names them or their value alone."""
	return {line.item for line in getattr(posting, "lines", ()) if line.item}


def list_needed_records(
	posting: Posting, company: CompanyProfile | None, charges: Charges
) -> list[tuple[str, str]]:
	"""Return ("Customer", "Vendor" or "Item", local name) of what must be in QuickBooks before this can go, the party first.

	Without a company what depends on it (an item for freight or discounts) is left out. Raises MappingError as building does.
	"""
	if isinstance(posting, JournalDocument):
		return []
	items = list_items(posting)
	if isinstance(posting, PostingDocument) and company:
		items |= list_needed(posting, company, charges.freight_item, charges.discount_item).items
	needed = [("Item", item) for item in sorted(items)]
	if isinstance(posting, AdjustmentDocument):
		return needed
	party = "Vendor" if isinstance(posting, PurchaseDocument) else "Customer"
	return [(party, posting.party), *needed]
