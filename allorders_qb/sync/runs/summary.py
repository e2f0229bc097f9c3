"""What a synchronization did, in a sentence."""

from frappe import _

from allorders_qb.sync.matching import gate
from allorders_qb.sync.runs.context import RunContext
from allorders_qb.sync.runs.run_rows import FULL, SINCE_LAST

PARTS = (
	("created", "{0} new"),
	("updated", "{0} changed"),
	("deactivated", "{0} deactivated"),
	("sent", "{0} sent"),
	("changed_there", "{0} changed in QuickBooks"),
	("conflicts", "{0} to decide"),
	("errors", "{0} with errors"),
)


def summarize(context: RunContext) -> str:
	"""``Customers: 3 new, 1 changed. Ship docs: 12 sent.``; or that there was nothing to do."""
	sentences = []
	for list_type, counted in sorted(context.counts.items()):
		parts = [_(text).format(counted[column]) for column, text in PARTS if counted.get(column)]
		if parts:
			sentences.append(f"{_(list_type)}: {', '.join(parts)}.")
	if context.run.kind in (SINCE_LAST, FULL) and gate.is_waiting(context.realm_id):
		sentences.append(_("Customers, vendors and items wait until the lists are matched (Match Lists)."))
	if context.error_count and not sentences:
		return _("{0} errors.").format(context.error_count)
	return " ".join(sentences) or _("Nothing had changed.")
