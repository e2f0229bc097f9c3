"""Send All: the preview of what would go, and the second person's release."""

import frappe
from frappe import _

from allorders_qb.api.permissions import MANAGERS, POSTERS, require_any_role, require_readable
from allorders_qb.sync import queue, release, send_all

PREVIEW_ROWS = 500
MAX_SELECTED = 500


@frappe.whitelist(methods=["GET", "POST"])
def preview() -> dict:
	"""What the next synchronization would send with Send All, and what stays and why (``send_all.preview``)."""
	require_any_role(MANAGERS)
	return send_all.preview(PREVIEW_ROWS)


@frappe.whitelist(methods=["POST"])
def release_documents(doctype: str, names: list[str] | str) -> list[dict]:
	"""The second person releases documents: ``name``, ``ok`` and a sentence for each; one that is refused does not
	stop the rest."""
	require_any_role(POSTERS)
	selected = frappe.parse_json(names) if isinstance(names, str) else names
	if len(selected) > MAX_SELECTED:
		frappe.throw(_("Select at most {0} documents at a time.").format(MAX_SELECTED))
	results = []
	for name in selected:
		frappe.db.savepoint("quickbooks_release")
		try:
			require_readable(doctype, name)
			ok, message = True, _release(doctype, name)
		except (frappe.ValidationError, frappe.PermissionError, frappe.DoesNotExistError) as error:
			frappe.db.rollback(save_point="quickbooks_release")
			frappe.clear_last_message()
			ok, message = False, frappe.utils.strip_html(str(error))
		results.append({"name": name, "ok": ok, "message": message})
	return results


def _release(doctype: str, name: str) -> str:
	if not release.release_document(doctype, name):
		return _("{0} was released before.").format(name)
	if queue.queue_released(doctype, name):
		return _("{0} is released, and in the queue.").format(name)
	return _("{0} is released. It goes with its button, or with Send All.").format(name)
