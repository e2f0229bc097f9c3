"""AO Cost True-Up -> one journal: inventory up to what the documents cost by now, against where their cost went."""

from typing import Any

from allorders_qb.mapping.posting import JournalDocument
from allorders_qb.money import to_decimal
from allorders_qb.sync.inventory import VALUES
from allorders_qb.sync.readers.journals import make_journal, name_account, post_value


def read_postings(doc: Any, mode: str, settings: Any) -> dict[str, JournalDocument]:
	"""The differences as one journal where values alone are kept in QuickBooks; elsewhere there are none."""
	if mode != VALUES:
		return {}
	inventory = name_account(settings, "inventory_asset_account")
	lines = [
		part
		for line in doc.lines
		for part in (
			post_value(to_decimal(line.difference, 2), inventory, line.reference_name),
			post_value(-to_decimal(line.difference, 2), (line.account, "Against"), line.reference_name),
		)
	]
	return {"journal": make_journal(doc, "journal", lines, doc.notes)}
