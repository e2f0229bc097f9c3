"""What a row waits for before it is sent: each is looked for right before the payload is frozen, and said in the row."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import frappe
from frappe import _
from frappe.utils import getdate, now_datetime

from allorders_qb.mapping.dispatch import Posting
from allorders_qb.sync import double_counting, item_order, needs, queue, rows
from allorders_qb.sync.connection import SETTINGS
from allorders_qb.sync.payloads import Surroundings
from allorders_qb.sync.registry import get_earlier_roles, get_role

PERIOD_WAIT = timedelta(hours=1)
"""How long a document of a closed period waits before the closing date is looked at again."""


class Waits:
	"""Puts a held row back while something else goes first; ``waits`` says whether it did (committed).

	Who inherits holds ``around`` and can ``refresh`` a row.
	"""

	around: Surroundings
	refresh: Callable[[Any], None]

	def waits(self, held: rows.Claim, doc: Any, posting: Posting) -> bool:
		"""Whether the row of a posting was put back. Raises ``MappingError`` for items that would be counted twice."""
		return (
			self._waits_for_earlier_role(held)
			or self._waits_for_earlier_move(held, posting)
			or self._waits_for_records(held, posting)
			or self._waits_for_period(held, doc)
			or self._waits_for_items(held, posting)
		)

	def _waits_for_earlier_role(self, held: rows.Claim) -> bool:
		"""Put a row back until what its document records before it is in QuickBooks, or not needed."""
		earlier = get_earlier_roles(held.row.reference_doctype, held.row.role)
		if not earlier:
			return False
		ahead = [
			row
			for row in rows.get_rows(held.row.reference_doctype, held.row.reference_name)
			if row.role in earlier and row.status not in rows.DONE_STATUSES
		]
		if not ahead:
			return False
		rows.release(
			held,
			_("Waits for the {0} of the same document, which goes first.").format(
				_(get_role(held.row.reference_doctype, ahead[0].role).label)
			),
			blocked_by=ahead[0].name,
		)
		self.refresh(held.row)
		return True

	def _waits_for_earlier_move(self, held: rows.Claim, posting: Posting) -> bool:
		"""Put a row back until what moved one of its items before it is in QuickBooks, where QuickBooks counts too."""
		if not item_order.moves_stock(posting):
			return False
		ahead = item_order.find_predecessor(held.name, held.row.reference_name)
		if not ahead:
			return False
		rows.release(
			held,
			_("Waits for {0} {1}, which moves {2} before it.").format(
				_(ahead.reference_doctype), ahead.reference_name, ahead.item
			),
			blocked_by=ahead.name,
		)
		self.refresh(held.row)
		return True

	def _waits_for_records(self, held: rows.Claim, posting: Posting) -> bool:
		missing = needs.get_missing_records(
			self.around.realm_id, needs.get_needed_records([posting], self.around.company)
		)
		if not missing:
			return False
		self.wait_for(held, missing)
		return True

	def _waits_for_items(self, held: rows.Claim, posting: Posting) -> bool:
		"""Refuse items that would be counted twice; wait for those that are on their way to be put right."""
		wrong = double_counting.check_items(posting, self.around)
		if not wrong:
			return False
		if not any(row.status in rows.OPEN_STATUSES for row in rows.get_rows("AO Item", wrong[0])):
			account = frappe.get_cached_doc(SETTINGS).inventory_asset_account
			double_counting.refuse_wrong_account(posting, wrong[0], account)
		self.wait_for(held, [("AO Item", wrong[0])])
		return True

	def wait_for(self, held: rows.Claim, missing: list[tuple[str, str]]) -> None:
		"""Put a row back until these list records are in QuickBooks."""
		blockers = [queue.queue_needed_record(doctype, name) for doctype, name in missing]
		doctype, name = missing[0]
		rows.release(
			held,
			_("Waits for {0} {1}, which goes to QuickBooks first.").format(_(doctype), name),
			blocked_by=blockers[0],
		)
		self.refresh(held.row)

	def _waits_for_period(self, held: rows.Claim, doc: Any) -> bool:
		closed_until = self.around.company.book_close_date
		if not closed_until or getdate(doc.posting_date) > closed_until:
			return False
		self.wait_for_period(held, str(closed_until))
		return True

	def wait_for_period(self, held: rows.Claim, closed_until: str, **values) -> None:
		"""Put a document of a closed period back: it keeps its date and goes when the period is open again."""
		rows.release(
			held,
			_(
				"Its date lies in a period that is closed in QuickBooks (until {0}). It keeps its date and goes when the period is opened again."
			).format(closed_until),
			now_datetime() + PERIOD_WAIT,
			waits_for_period=1,
			**values,
		)
		self.refresh(held.row)
