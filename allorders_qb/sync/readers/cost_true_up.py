"""AO Cost True-Up -> one journal: inventory (or scrap) up to what the documents cost by now, against where their cost went."""

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from allorders_qb.mapping.posting import JournalDocument, JournalLine
from allorders_qb.money import to_decimal
from allorders_qb.sync.inventory import COUNTED, VALUES
from allorders_qb.sync.readers.journals import make_journal, name_account, post_value

ZERO = Decimal(0)
AGAINST = "Against"
DECIDED = "Decided by a person"


def read_postings(doc: Any, mode: str, settings: Any) -> dict[str, JournalDocument]:
	"""The differences as one journal; none where no inventory mode is chosen.

	Where values alone are kept, document by document on the inventory account, or on the scrap account. Where QuickBooks
	counts too, cause by cause on *Inventory Cost Difference*: the true-up itself says which documents and items they are.
	"""
	if mode == VALUES:
		return {"journal": make_journal(doc, "journal", list(_list_documents(doc, settings)), doc.notes)}
	if mode == COUNTED:
		return {"journal": make_journal(doc, "journal", list(_list_causes(doc, settings)), doc.notes)}
	return {}


def _list_documents(doc: Any, settings: Any) -> Iterator[JournalLine]:
	for line in doc.lines:
		amount = to_decimal(line.difference, 2)
		value_account = name_account(settings, "inventory_asset_account", line.value_account)
		yield post_value(amount, value_account, line.reference_name)
		yield post_value(-amount, (line.account, AGAINST), line.reference_name)


def _list_causes(doc: Any, settings: Any) -> Iterator[JournalLine]:
	difference = name_account(settings, "cost_difference_account")
	sums: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
	for line in doc.lines:
		sums[line.cause, line.account or ""] += to_decimal(line.difference, 2)
	for row in doc.items:
		if row.account:
			sums[DECIDED, row.account] += to_decimal(row.unexplained, 2)
	for (cause, account), amount in sorted(sums.items()):
		yield post_value(amount, difference, cause)
		yield post_value(-amount, (account, AGAINST), cause)
