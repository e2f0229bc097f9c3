"""The guided change of the inventory mode: what QuickBooks Settings and the form *QuickBooks Mode Change* call."""

import frappe

from allorders_qb.api.permissions import MANAGERS, require_any_role
from allorders_qb.sync.mode_change import course
from allorders_qb.sync.mode_change.records import CHANGE


@frappe.whitelist(methods=["POST"])
def propose() -> str:
	"""The name of the change that is under way, or of the one draft, made where there is none."""
	require_any_role(MANAGERS)
	return course.propose()


@frappe.whitelist(methods=["POST"])
def check(name: str) -> bool:
	"""Look at everything that has to hold, QuickBooks included, and keep it on the draft; whether all of it does."""
	require_any_role(MANAGERS)
	doc = frappe.get_doc(CHANGE, name)
	checks = course.check(doc)
	doc.save()
	return all(one.holds for one in checks)


@frappe.whitelist(methods=["POST"])
def go_on(name: str) -> str:
	"""Go on with a change that was stopped, or waited for a person; the run's name."""
	require_any_role(MANAGERS)
	return course.go_on(frappe.get_doc(CHANGE, name))
