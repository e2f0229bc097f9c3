"""What a synchronization of selected lists can be asked for."""

from frappe import _

from allorders_qb.sync.mirrors import MIRRORS
from allorders_qb.sync.registry import LIST_TYPES


def list_lists() -> list[dict]:
	"""``list_type`` (DocType) and ``label`` of every list that QuickBooks keeps as well, ours first."""
	names = [*LIST_TYPES, *(mirror.doctype for mirror in MIRRORS)]
	return [{"list_type": name, "label": _(name)} for name in names]
