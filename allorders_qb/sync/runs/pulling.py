"""Step 2 of a synchronization: what has changed in QuickBooks' lists, or in selected records of them, comes here."""

from allorders_qb.sync.compare import compare_documents
from allorders_qb.sync.lists.pull import pull
from allorders_qb.sync.lists.records import pull_records
from allorders_qb.sync.registry import POSTING_TYPES
from allorders_qb.sync.runs.context import RunContext
from allorders_qb.sync.runs.run_rows import FULL, SELECTED_LISTS


def pull_lists(context: RunContext) -> None:
	"""Take over what the run's kind and scope ask for."""
	scope = context.scope if context.run.kind == SELECTED_LISTS else {}
	pull(
		context,
		lists=scope.get("lists"),
		since=scope.get("since"),
		full=context.run.kind == FULL,
	)


def pull_selected(context: RunContext) -> None:
	"""Take over what QuickBooks has of the selected list records, and compare the selected documents with their twins."""
	records = [(doctype, name) for doctype, name in context.scope.get("records", [])]
	pull_records(context, records)
	compare_documents(context, [record for record in records if record[0] in POSTING_TYPES])
