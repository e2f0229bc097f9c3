"""The conflicts of list records: what they are, how many, and a person's answers."""

import frappe
from frappe import _

from allorders_qb.api.permissions import MANAGERS, has_any_role, require_any_role, require_readable
from allorders_qb.sync.lists import conflicts, resolving

MAX_SELECTED = 500
SAVEPOINT = "quickbooks_conflict"


@frappe.whitelist(methods=["POST"])
def resolve(name: str, answer: str, another_value: str | None = None) -> str:
	"""Answer one conflict: *Keep Ours*, *Take QuickBooks'* or *Another Value*; a sentence."""
	require_any_role(MANAGERS)
	return resolving.resolve(name, answer, another_value)


@frappe.whitelist(methods=["POST"])
def resolve_selected(names: list[str] | str, answer: str) -> list[dict]:
	"""Give the same answer to several; one that refuses it does not stop the rest. ``name``, ``ok``, ``message`` of each."""
	require_any_role(MANAGERS)
	selected = frappe.parse_json(names)
	if len(selected) > MAX_SELECTED:
		frappe.throw(_("Select at most {0} conflicts at a time.").format(MAX_SELECTED))
	results = []
	for name in selected:
		frappe.db.savepoint(SAVEPOINT)
		try:
			results.append({"name": name, "ok": True, "message": resolving.resolve(name, answer)})
		except (frappe.ValidationError, frappe.DoesNotExistError) as error:
			frappe.db.rollback(save_point=SAVEPOINT)
			frappe.clear_last_message()
			results.append({"name": name, "ok": False, "message": frappe.utils.strip_html(str(error))})
	return results


@frappe.whitelist(methods=["GET", "POST"])
def get_answers(kind: str) -> dict:
	"""What may be answered to that kind of conflict, and whether this user may."""
	return {"answers": list(resolving.ANSWERS.get(kind, ())), "may_answer": has_any_role(MANAGERS)}


@frappe.whitelist(methods=["GET", "POST"])
def count_open(doctype: str, name: str) -> int:
	"""How many open conflicts a record has."""
	require_readable(doctype, name)
	return conflicts.count_open(doctype, name)
