"""What a document needs in QuickBooks before it can go there itself: its party and its items."""

from collections.abc import Iterable

from allorders_qb.mapping.company import CompanyProfile
from allorders_qb.mapping.dispatch import Posting, list_needed_records
from allorders_qb.mapping.errors import MappingError
from allorders_qb.sync.links import list_linked
from allorders_qb.sync.postings import read_charges
from allorders_qb.sync.registry import LIST_DOCTYPES


def get_needed_records(postings: Iterable[Posting], company: CompanyProfile | None) -> list[tuple[str, str]]:
	"""(DocType, name) of every list record that these postings refer to, each once, the party first.

	What is needed besides (an item for freight, one for a discount) depends on the company; before one is
	connected (``company`` is None) it is left out here and found when the document is sent.
	"""
	charges = read_charges()
	needed: dict[tuple[str, str], None] = {}
	for posting in postings:
		try:
			found = list_needed_records(posting, company, charges)
		except MappingError:
			# It needs nothing more: it is stopped, with its reason, when its payload is built.
			found = list_needed_records(posting, None, charges)
		needed.update(dict.fromkeys((LIST_DOCTYPES[kind], name) for kind, name in found))
	return list(needed)


def get_missing_records(realm_id: str | None, needed: list[tuple[str, str]]) -> list[tuple[str, str]]:
	"""Those of ``needed`` that have no counterpart in that company yet, in the same order."""
	if not realm_id:
		return needed
	linked = list_linked(realm_id, needed)
	return [record for record in needed if record not in linked]
