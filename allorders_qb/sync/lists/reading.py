"""Reading QuickBooks' lists so that nothing is skipped while somebody works in them.

Source: Intuit's pages of change data capture and of queries; offset paging over a list that changes skips rows.
"""

from collections.abc import Iterable, Iterator
from datetime import timedelta

from allorders_qb.qbo.client import MAX_RESULTS, QuickBooksClient
from allorders_qb.statements import quote, word_condition
from allorders_qb.sync.times import parse_quickbooks_time

OVERLAP = timedelta(minutes=5)
"""So much earlier than the last reading the next one begins: longer than a request of QuickBooks' may take."""

LONGEST_CAPTURE = timedelta(days=29)
"""QuickBooks looks back 30 days; beyond this everything is read."""

UPDATED = "MetaData.LastUpdatedTime"
ANY_ACTIVITY = "Active IN (true, false)"
IDS_AT_ONCE = 100


def get_start(watermark: str) -> str:
	"""Since when to read, for everything up to ``watermark`` to have been taken over; in QuickBooks' words."""
	return (parse_quickbooks_time(watermark) - OVERLAP).isoformat()


def is_out_of_reach(watermark: str, now: str) -> bool:
	"""Whether so much time lies between two of QuickBooks' times that capture can't be trusted to reach back."""
	return parse_quickbooks_time(now) - parse_quickbooks_time(watermark) > LONGEST_CAPTURE


def read_changed(
	client: QuickBooksClient, entity: str, since: str, page: int = MAX_RESULTS
) -> Iterator[dict]:
	"""Yield every object changed since a moment (QuickBooks' text), by time of change; one that changes meanwhile
	comes again, later. Raises ``qbo`` errors.

	A page begins at the time where the last one ended, not at an offset: what moves, moves to the end. Where more objects
	than fit a page have one and the same time, these are read by their ids.
	"""
	seen: set[tuple[str, str]] = set()
	condition = word_condition(UPDATED, ">=", since)
	while True:
		found = client.query(_word_page(entity, condition, page))
		yield from _pick_new(found, seen)
		if len(found) < page:
			return
		last = found[-1]["MetaData"]["LastUpdatedTime"]
		if last == found[0]["MetaData"]["LastUpdatedTime"]:
			same = word_condition(UPDATED, "=", last)
			yield from _pick_new(client.query_all(entity, f"{same} AND {ANY_ACTIVITY}"), seen)
			condition = word_condition(UPDATED, ">", last)
		else:
			condition = word_condition(UPDATED, ">=", last)


def _word_page(entity: str, condition: str, page: int) -> str:
	return (
		f"SELECT * FROM {entity} WHERE {condition} AND {ANY_ACTIVITY} "
		f"ORDERBY {UPDATED} STARTPOSITION 1 MAXRESULTS {page}"
	)


def _pick_new(found: Iterable[dict], seen: set[tuple[str, str]]) -> Iterator[dict]:
	for remote in found:
		key = (str(remote["Id"]), str(remote.get("SyncToken")))
		if key not in seen:
			seen.add(key)
			yield remote


def read_by_ids(client: QuickBooksClient, entity: str, ids: Iterable[str]) -> dict[str, dict]:
	"""QuickBooks Id -> object, of those that still exist, inactive ones included. Raises ``qbo`` errors."""
	wanted, found = sorted(set(ids)), {}
	for start in range(0, len(wanted), IDS_AT_ONCE):
		listed = ", ".join(quote(one) for one in wanted[start : start + IDS_AT_ONCE])
		for remote in client.query_all(entity, f"Id IN ({listed}) AND {ANY_ACTIVITY}"):
			found[str(remote["Id"])] = remote
	return found
