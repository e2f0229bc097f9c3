"""One synchronization at a time per company, across any number of workers: a lease on the connection's row.

It changes hands by compare-and-set on ``run_fence``, as rows of the queue do. A worker that crashes releases it by
letting it run out; one that was paused for too long finds the fence changed and can commit nothing any more.
"""

from datetime import timedelta

import frappe
from frappe.utils import get_datetime, now_datetime

from allorders_qb.sync.connection import CONNECTION
from allorders_qb.sync.times import is_past


def take_lease(realm_id: str, owner: str, seconds: int) -> int | None:
	"""Become the one who synchronizes this company; the fencing number, or None while somebody else is. Commits."""
	# A fresh view: what another worker has just committed counts.
	frappe.db.commit()  # nosemgrep: frappe-manual-commit
	held = read_lease(realm_id)
	if not held or is_held(held):
		return None
	fence = (held.run_fence or 0) + 1
	values = {"run_lease_owner": owner, "run_lease_until": _get_end(seconds), "run_fence": fence}
	won = _change_where(realm_id, held.run_fence, values)
	frappe.db.commit()  # nosemgrep: frappe-manual-commit  others must see it before anything is done
	return fence if won else None


def renew_lease(realm_id: str, fence: int, seconds: int) -> bool:
	"""Hold the lease for so many more seconds; False where it is somebody else's now. Does not commit: the row stays
	locked until the caller does, at once, so that nobody can take over between this look and that commit."""
	return _change_where(realm_id, fence, {"run_lease_until": _get_end(seconds)})


def release_lease(realm_id: str, fence: int) -> None:
	"""Let the next one in. Does not commit."""
	_change_where(realm_id, fence, {"run_lease_owner": None, "run_lease_until": None})


def is_running(realm_id: str) -> bool:
	"""Whether a live worker synchronizes this company, as this transaction sees it."""
	held = read_lease(realm_id)
	return bool(held and is_held(held))


def read_lease(realm_id: str) -> frappe._dict | None:
	"""The lease's fields of a company's connection; None where there is no such connection."""
	return frappe.db.get_value(
		CONNECTION, realm_id, ["run_lease_owner", "run_lease_until", "run_fence"], as_dict=True
	)


def is_held(lease: frappe._dict) -> bool:
	"""Whether somebody has it and its time is not up."""
	return bool(lease.run_lease_owner) and not is_past(get_datetime(lease.run_lease_until))


def _get_end(seconds: int):
	return now_datetime() + timedelta(seconds=seconds)


def _change_where(realm_id: str, fence: int | None, values: dict) -> bool:
	table = frappe.qb.DocType(CONNECTION)
	query = frappe.qb.update(table)
	for field, value in values.items():
		query = query.set(table[field], value)
	expected = table.run_fence.isnull() if fence is None else table.run_fence == fence
	query.where((table.name == realm_id) & expected).run()
	return frappe.db._cursor.rowcount == 1
