"""Step 2 of a synchronization: what has changed in QuickBooks' lists comes here."""

from allorders_qb.sync.mirrors import read_mirrors
from allorders_qb.sync.runs.context import RunContext


def pull_lists(context: RunContext) -> None:
	"""Read the lists that QuickBooks owns."""
	for doctype, number in read_mirrors(context.client, context.realm_id).items():
		context.count(doctype, read=number)
	context.forget_surroundings()
