"""What a synchronization of selected lists can be asked for."""

from frappe import _

from allorders_qb.sync.lists.rules import may_take
from allorders_qb.sync.mirrors import MIRRORS
from allorders_qb.sync.registry import LIST_TYPES


def list_lists() -> list[dict]:
	"""``list_type`` (DocType) and ``label`` of every list that may be taken over from QuickBooks, ours first."""
	names = [name for name in (*LIST_TYPES, *(mirror.doctype for mirror in MIRRORS)) if may_take(name)]
	return [{"list_type": name, "label": _(name)} for name in names]
