"""The second person: a document waits until somebody other than its author has released it.

Only where QuickBooks Settings ask for it. It holds for every way of sending: nothing is queued before the release.
"""

from typing import Any

import frappe
from frappe import _
from frappe.utils import cint, create_batch, now_datetime

from allorders_qb.sync import rows
from allorders_qb.sync.connection import SETTINGS
from allorders_qb.sync.registry import POSTING_TYPES

RELEASE = "QuickBooks Release"
WAITING = "Waiting"
RELEASED = "Released"
BATCH = 1000


def is_asked_for() -> bool:
	"""Whether documents need a second person on this site."""
	return bool(cint(frappe.get_cached_doc(SETTINGS).release_by_second_person))


def get_release(doctype: str, name: str) -> frappe._dict | None:
	"""author, status, released_by and released_at of a document's release; None where nobody has asked for one."""
	return frappe.db.get_value(
		RELEASE,
		{"reference_doctype": doctype, "reference_name": name},
		["name", "author", "status", "released_by", "released_at"],
		as_dict=True,
	)


def is_waiting(doctype: str, name: str) -> bool:
	"""Whether a document may not be sent before somebody releases it."""
	if not is_asked_for():
		return False
	release = get_release(doctype, name)
	return not release or release.status != RELEASED


def list_waiting(doctype: str, names: list[str]) -> set[str]:
	"""Those of ``names`` that may not be sent before somebody releases them."""
	if not names or not is_asked_for():
		return set()
	waiting = set(names)
	for some in create_batch(names, BATCH):
		waiting.difference_update(
			frappe.get_all(
				RELEASE,
				filters={"reference_doctype": doctype, "reference_name": ("in", some), "status": RELEASED},
				pluck="reference_name",
				order_by="creation",
			)
		)
	return waiting


def ask_for_release(doc: Any) -> None:
	"""A document has been submitted: note by whom, and that it waits. Does not commit."""
	if get_release(doc.doctype, doc.name):
		return
	_insert(doc.doctype, doc.name, frappe.session.user, status=WAITING)


def explain_wait(doctype: str, name: str) -> str:
	"""What a waiting document waits for, in a sentence."""
	author = frappe.utils.get_fullname(_get_author(doctype, name))
	return _("it waits until somebody other than {0} releases it.").format(author)


def may_release(doctype: str, name: str, user: str | None = None) -> bool:
	"""Whether this user is somebody else than who made or submitted the document."""
	user = user or frappe.session.user
	return user not in (_get_author(doctype, name), frappe.db.get_value(doctype, name, "owner"))


def release_document(doctype: str, name: str) -> bool:
	"""The current user releases a document; False where somebody has done so before. Does not commit.

	Throws where the user is its author, or the document is not one that waits. Who calls it sends what is to leave.
	"""
	if doctype not in POSTING_TYPES or not rows.lock_document(doctype, name):
		frappe.throw(_("{0} {1} does not exist.").format(_(doctype), name), exc=frappe.DoesNotExistError)
	if frappe.db.get_value(doctype, name, "docstatus") != 1:
		frappe.throw(_("Only a submitted document is released; {0} is not.").format(name))
	release = get_release(doctype, name)
	if release and release.status == RELEASED:
		return False
	if not may_release(doctype, name):
		frappe.throw(
			_("{0} is your own: somebody else has to release it.").format(name),
			title=_("A Second Person Is Needed"),
		)
	values = {"status": RELEASED, "released_by": frappe.session.user, "released_at": now_datetime()}
	if release:
		frappe.db.set_value(RELEASE, release.name, values)
	else:
		_insert(doctype, name, _get_author(doctype, name), **values)
	return True


def forget_release(doctype: str, name: str) -> None:
	"""The document is cancelled or deleted: there is nothing to release any more. Does not commit."""
	frappe.db.delete(RELEASE, {"reference_doctype": doctype, "reference_name": name})


def _get_author(doctype: str, name: str) -> str:
	release = get_release(doctype, name)
	return (release and release.author) or frappe.db.get_value(doctype, name, "owner")


def _insert(doctype: str, name: str, author: str, **values: Any) -> None:
	row = frappe.get_doc(
		{
			"doctype": RELEASE,
			"reference_doctype": doctype,
			"reference_name": name,
			"author": author,
			**values,
		}
	)
	row.flags.ignore_permissions = True
	row.flags.ignore_links = True
	row.insert()
