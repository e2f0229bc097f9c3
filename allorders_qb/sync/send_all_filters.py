"""What Send All lets through: pure, from a document's facts and the rows of QuickBooks Settings."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True)
class Candidate:
	"""A document that is available and has not been sent. ``home_amount`` is its amount in the home currency."""

	doctype: str
	name: str
	party_type: str
	party: str
	posting_date: date
	amount: Decimal
	currency: str
	home_amount: Decimal


@dataclass(frozen=True)
class Filter:
	"""One row: whatever is None or zero lets everything through."""

	document_type: str | None = None
	party_type: str | None = None
	party: str | None = None
	from_date: date | None = None
	to_date: date | None = None
	amount_up_to: Decimal = Decimal(0)


TYPE, PARTY, TOO_EARLY, TOO_LATE, TOO_MUCH = "type", "party", "too early", "too late", "too much"


def find_obstacle(candidate: Candidate, filters: tuple[Filter, ...]) -> str | None:
	"""Why no row lets the document through: the obstacle at the row that comes nearest, one of the words above; None
	where one does, or where there are no rows."""
	obstacles = [_check(candidate, row) for row in filters]
	if not filters or None in obstacles:
		return None
	return max(obstacles, key=(TYPE, PARTY, TOO_EARLY, TOO_LATE, TOO_MUCH).index)


def _check(candidate: Candidate, row: Filter) -> str | None:
	if row.document_type and row.document_type != candidate.doctype:
		return TYPE
	if row.party and (row.party_type, row.party) != (candidate.party_type, candidate.party):
		return PARTY
	if row.from_date and candidate.posting_date < row.from_date:
		return TOO_EARLY
	if row.to_date and candidate.posting_date > row.to_date:
		return TOO_LATE
	if row.amount_up_to and candidate.home_amount > row.amount_up_to:
		return TOO_MUCH
	return None
