"""*Sync this*: selected records read from QuickBooks, whether or not they have changed."""

from collections.abc import Iterable

from allorders_qb.sync.links import get_ids
from allorders_qb.sync.lists.definitions import LISTS
from allorders_qb.sync.lists.gone import report_gone
from allorders_qb.sync.lists.reading import read_by_ids
from allorders_qb.sync.lists.taking import Taker
from allorders_qb.sync.runs.context import RunContext


def pull_records(context: RunContext, records: Iterable[tuple[str, str]]) -> None:
	"""Take over the twins of these records (DocType, name); those without one are left alone.

	Commits as it goes. Raises ``qbo`` errors, ``RunLost`` and ``RunStopped``.
	"""
	names: dict[str, list[str]] = {}
	for doctype, name in records:
		if doctype in LISTS:
			names.setdefault(doctype, []).append(name)
	for doctype, wanted in names.items():
		ids = set(get_ids(context.realm_id, doctype, wanted).values())
		if not ids:
			continue
		entity = LISTS[doctype].entity
		taker = Taker(context, LISTS[doctype])
		found = read_by_ids(context.client, entity, ids)
		taker.take_all(found.values(), again=True)
		taker.take_deferred()
		for quickbooks_id in sorted(ids - set(found)):
			if report_gone(context.realm_id, entity, quickbooks_id):
				context.count(doctype, conflicts=1)
			context.check_lease()
