"""What a QuickBooks record is called here, and taking over a new name."""

from typing import Any

import frappe
from frappe import _
from frappe.model.rename_doc import rename_doc

from allorders_qb.mapping.neutral import NAME, make_comparable
from allorders_qb.sync.links import LINK
from allorders_qb.sync.lists.ours import make_id_suffix
from allorders_qb.sync.plain import make_plain

LONGEST = 140
"""Characters of a name in Frappe."""


class NameHeld(Exception):
	"""The name that QuickBooks has for a record is another record's here: ``holder``, with its link or without."""

	def __init__(self, doctype: str, name: str, holder: str, linked: bool):
		super().__init__(
			_("QuickBooks calls it “{0}”, and here {1} {2} has that name. Rename one of the two.").format(
				name, _(doctype), holder
			)
		)
		self.holder = holder
		self.linked = linked


def choose_name(
	doctype: str, remote: dict, wanted: str, own: str | None = None, tell_apart: bool = False
) -> str:
	"""Our name for a QuickBooks record that is called ``wanted`` there; ``own`` is what it is called here now.

	An item below a category or another item is called by its whole path where its own name is taken. Two names that only
	our database takes for one (accents) are told apart by the id, as are all with ``tell_apart``. Raises ``NameHeld``.
	"""
	name = make_plain(wanted)[:LONGEST]
	holder = _find_holder(doctype, name, own)
	if not holder:
		return name
	path = make_plain(str(remote.get("FullyQualifiedName") or ""))
	if ":" in path and len(path) <= LONGEST and doctype == "AO Item" and not _find_holder(doctype, path, own):
		return path
	same = make_comparable(NAME, holder).casefold() == make_comparable(NAME, name).casefold()
	if tell_apart or not same:
		suffix = make_id_suffix(str(remote["Id"]))
		return f"{name[: LONGEST - len(suffix)]}{suffix}"
	raise NameHeld(doctype, name, holder, is_linked(doctype, holder))


def _find_holder(doctype: str, name: str, own: str | None) -> str | None:
	holder = frappe.db.get_value(doctype, name, "name")
	return None if holder in (None, own) else holder


def is_linked(doctype: str, name: str) -> bool:
	"""Whether a record of ours has a twin in QuickBooks."""
	return bool(frappe.db.exists(LINK, {"reference_doctype": doctype, "reference_name": name}))


def rename(doc: Any, new_name: str) -> Any:
	"""Take over a new name; the document under it. Does not commit."""
	if new_name == doc.name:
		return doc
	rename_doc(doc.doctype, doc.name, new_name, force=True, ignore_permissions=True, show_alert=False)
	return frappe.get_doc(doc.doctype, new_name)
