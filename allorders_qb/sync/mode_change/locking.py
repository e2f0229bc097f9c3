"""At the moment a change begins: what was checked still holds, and nothing slips in before the new mode does.

QuickBooks is asked for seconds, and the transaction still shows the stock and the queue of when that began. So both are read as
last committed, under lock, in the order in which a document that is submitted takes them: its items, then the queue.
"""

from typing import Any

import frappe
from frappe import _

from allorders_qb.stock.layers import lock_row
from allorders_qb.sync import rows
from allorders_qb.sync.mode_change.checks import HELD_TYPES


def lock_checked(doc: Any) -> None:
	"""Lock the items of a change and the open queue until the transaction ends; throws what happened since they were checked."""
	for line in sorted(doc.lines, key=lambda line: line.item):
		held = lock_row(line.item)
		if (held[0].last_sequence if held else 0) != line.last_sequence:
			frappe.throw(
				_("Row {0}: {1} moved while it was checked. Check again.").format(line.idx, line.item),
				title=_("Not Begun"),
			)
	if found := _lock_queue():
		frappe.throw(
			_("{0} was put into the queue while it was checked. Let it be sent, and check again.").format(
				", ".join(dict.fromkeys(found))
			),
			title=_("Not Begun"),
		)


def _lock_queue() -> list[str]:
	"""The documents that are still to be sent; no other comes into the queue until the transaction ends."""
	row = frappe.qb.DocType(rows.QUEUE)
	return (
		frappe.qb.from_(row)
		.select(row.reference_name)
		.where(row.status.isin(rows.OPEN_STATUSES) & row.reference_doctype.isin(HELD_TYPES))
		.for_update()
		.run(pluck=True)
	)
