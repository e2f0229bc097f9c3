"""The rows of the queue: every change of a QuickBooks Queue Entry goes through here.

A row changes hands by compare-and-set: an UPDATE that names the state it expects and tells by the number of
rows whether it won. No lock is held while QuickBooks is being talked to. A claim carries a lease (until when
the worker may act) and a fencing number (grows with each claim), so that a worker which was paused for too
long can neither send nor store anything after somebody else has taken over.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import frappe
from frappe.query_builder import Order
from frappe.query_builder.functions import Min
from frappe.utils import now_datetime
from pypika.terms import Criterion, ExistsCriterion

from allorders_qb.sync.plain import make_plain
from allorders_qb.sync.times import is_past

QUEUE = "QuickBooks Queue Entry"
QUEUE_ITEM = "QuickBooks Queue Item"

QUEUED = "Queued"
SENDING = "Sending"
UNKNOWN = "Outcome Unknown"
ATTENTION = "Needs Attention"
SENT = "Sent"
NOT_NEEDED = "Not Needed"

APPLY = "Apply"
"""The operation of rows that put a payment, which is in QuickBooks already, onto an invoice."""

TAKE_OUT = "Take Out"
"""The operation of rows that take what a vendor has billed out of a receiver's provisional bill."""

WITHOUT_LINK = (APPLY, TAKE_OUT)
"""Operations that change what another row has linked, and link nothing themselves."""

TEXTS = ("reason", "fault_field")
"""Fields that may hold QuickBooks' own words."""

WINDOW = 500
"""So many rows from the front of the queue are looked at first."""

ENOUGH = 8
"""With so many that may go, there is no need to look behind them."""

HEADS = 60
"""Of so many parties at once the first row is looked for."""

OPEN_STATUSES = (QUEUED, SENDING, UNKNOWN, ATTENTION)
DONE_STATUSES = (SENT, NOT_NEEDED)

NAME_LENGTH = 20
"""Ten characters, Frappe's usual, would meet each other in a long queue."""


class LeaseLost(Exception):
	"""Another worker has taken this row over: what this one still wanted to write must not be written."""


@dataclass
class Claim:
	"""A row that this worker holds.

	``row`` is as read after the claim, ``was`` the status before it, ``unsure`` whether something of it may be in
	QuickBooks that is not linked yet, ``refused`` whether QuickBooks has refused what was last *sent* (a refused
	search or reading says nothing about that).
	"""

	row: Any
	was: str
	unsure: bool
	refused: bool = False
	_doc: Any = None

	def get_doc(self) -> Any:
		"""The document as it was when it was first asked for under this claim: a submitted one does not change."""
		if self._doc is None:
			self._doc = frappe.get_doc(self.row.reference_doctype, self.row.reference_name)
		return self._doc

	@property
	def name(self) -> str:
		return self.row.name

	@property
	def fence(self) -> int:
		return self.row.fence


def make_row(**values) -> dict[str, Any]:
	"""A new row for ``insert_rows``: it has its name, and stands in the queue behind those made before it."""
	name, user, moment = frappe.generate_hash(length=NAME_LENGTH), frappe.session.user, now_datetime()
	texts = {field: make_plain(values[field]) for field in TEXTS if field in values}
	return {
		"name": name,
		"owner": user,
		"modified_by": user,
		"creation": moment,
		"modified": moment,
		"status": QUEUED,
		"generation": 1,
		"attempt": 1,
		**values,
		**texts,
	}


def insert_row(**values) -> str | None:
	"""Write one new row (see ``insert_rows``); its name, or None where the same row exists already."""
	row = make_row(**values)
	return row["name"] if insert_rows([row]) else None


def insert_rows(new: Sequence[dict[str, Any]]) -> bool:
	"""Write new rows, all of the same fields, into the current transaction; whether they were written. Where one of them exists
	already none is. Raises the database's error for any other reason, also where one of their names is taken.

	The unique index on (document, role, operation, generation) decides, so that a double click, a list action
	and the synchronization together still leave one row. A concurrent insert waits for the other to end.
	"""
	if not new:
		return True
	query = frappe.qb.into(frappe.qb.DocType(QUEUE)).columns(*new[0])
	try:
		query.insert(*(tuple(row.values()) for row in new)).run()
	except Exception as error:
		# No savepoint is needed: the database takes back the statement that failed, and nothing else of the transaction.
		if not frappe.db.is_duplicate_entry(error) or frappe.db.is_primary_key_violation(error):
			raise
		return False
	return True


def get_rows(doctype: str, name: str, for_update: bool = False) -> list[frappe._dict]:
	"""All rows of one document, oldest first. With ``for_update`` they stay locked until the transaction ends,
	and are read as last committed, not as this transaction's snapshot shows them."""
	row = frappe.qb.DocType(QUEUE)
	query = (
		frappe.qb.from_(row)
		.select(row.star)
		.where((row.reference_doctype == doctype) & (row.reference_name == name))
		.orderby(row.generation)
		.orderby(row.creation)
	)
	if for_update:
		query = query.for_update()
	return query.run(as_dict=True)


def get_rows_of(records: Sequence[tuple[str, str]]) -> dict[tuple[str, str], list[frappe._dict]]:
	"""All rows of each of these records (DocType, name), oldest first; one query."""
	found: dict[tuple[str, str], list[frappe._dict]] = {record: [] for record in records}
	if not found:
		return found
	row = frappe.qb.DocType(QUEUE)
	wanted = Criterion.any(
		(row.reference_doctype == doctype) & (row.reference_name == name) for doctype, name in found
	)
	query = frappe.qb.from_(row).select(row.star).where(wanted).orderby(row.generation).orderby(row.creation)
	for one in query.run(as_dict=True):
		# The database may take two names for one that differ to us.
		if (record := (one.reference_doctype, one.reference_name)) in found:
			found[record].append(one)
	return found


def get_row(name: str, for_update: bool = False) -> frappe._dict:
	"""One row by name; raises ``frappe.DoesNotExistError`` when it is gone."""
	row = frappe.qb.DocType(QUEUE)
	query = frappe.qb.from_(row).select(row.star).where(row.name == name)
	if for_update:
		query = query.for_update()
	found = query.run(as_dict=True)
	if not found:
		frappe.throw(frappe._("Queue entry {0} no longer exists.").format(name), exc=frappe.DoesNotExistError)
	return found[0]


def lock_document(doctype: str, name: str, fields: Sequence[str] = ("name",)) -> frappe._dict | None:
	"""Lock a document until the transaction ends: these fields of it as last committed, None where it does not exist.

	Whoever writes to both takes the document first and its rows after it, as saving and cancelling do: two that
	meet then wait for each other, and neither is thrown out as a deadlock.
	"""
	table = frappe.qb.DocType(doctype)
	query = frappe.qb.from_(table).select(*(table[field] for field in fields)).where(table.name == name)
	return next(iter(query.for_update().run(as_dict=True)), None)


def change_where(name: str, expected: dict[str, Any], values: dict[str, Any]) -> bool:
	"""Compare-and-set: write ``values`` if every field of ``expected`` still holds; whether it did.

	``fence`` is raised by one each time: it is the proof that the row has changed (a database counts a row that
	is set to what it was as unchanged).
	"""
	row = frappe.qb.DocType(QUEUE)
	query = frappe.qb.update(row).set(row.fence, row.fence + 1).set(row.modified, now_datetime())
	for field, value in values.items():
		query = query.set(row[field], make_plain(value) if field in TEXTS else value)
	query = query.where(row.name == name)
	for field, value in expected.items():
		query = query.where(row[field] == value)
	query.run()
	return frappe.db._cursor.rowcount == 1


def claim(name: str, status: str, fence: int, owner: str, lease_seconds: int) -> Claim | None:
	"""Take a Queued or Outcome Unknown row for this worker; None when somebody else was faster.

	Commits: from here on every other worker sees the claim.
	"""
	held = take(name, status, fence, owner, lease_seconds)
	frappe.db.commit()  # nosemgrep: frappe-manual-commit  the claim must be visible before anything is sent
	return held


def take(name: str, status: str, fence: int, owner: str, lease_seconds: int) -> Claim | None:
	"""``claim`` without its commit, for who sends nothing and settles the row in the same transaction."""
	won = change_where(
		name,
		{"status": status, "fence": fence},
		{
			"status": SENDING,
			"lease_owner": owner,
			"lease_until": now_datetime() + timedelta(seconds=lease_seconds),
			"blocked_by": None,
			"waits_for_period": 0,
		},
	)
	if not won:
		return None
	row = get_row(name)
	return Claim(row, status, bool(row.possibly_stored))


def change_claimed(held: Claim, values: dict[str, Any]) -> None:
	"""Write to a row this worker holds. Raises ``LeaseLost`` when it no longer does. Does not commit."""
	lock_document(held.row.reference_doctype, held.row.reference_name)
	if not change_where(held.name, {"status": SENDING, "fence": held.fence}, values):
		raise LeaseLost(held.name)
	held.row.update(
		{field: make_plain(value) if field in TEXTS else value for field, value in values.items()}
	)
	held.row.fence += 1


def release(
	held: Claim, reason: str, next_attempt_at: datetime | None = None, status: str = QUEUED, **values
) -> None:
	"""Give a held row back (to the queue, or to a person), saying why. Does not commit."""
	change_claimed(
		held,
		{
			"status": status,
			"reason": reason,
			"next_attempt_at": next_attempt_at,
			"lease_owner": None,
			"lease_until": None,
			**values,
		},
	)


def expire_leases() -> list[frappe._dict]:
	"""Rows whose worker has vanished become Outcome Unknown, never Queued: it may have sent them.

	Returns the rows (name, document) that were expired; commits.
	"""
	row = frappe.qb.DocType(QUEUE)
	now = now_datetime()
	stale = (
		frappe.qb.from_(row)
		.select(row.name, row.fence, row.reference_doctype, row.reference_name, row.lease_until)
		.where((row.status == SENDING) & (row.lease_until < now))
		.orderby(row.creation)
		.run(as_dict=True)
	)
	expired = [
		entry
		for entry in stale
		if is_past(entry.lease_until)
		and change_where(
			entry.name,
			{"status": SENDING, "fence": entry.fence},
			{
				"status": UNKNOWN,
				"reason": frappe._(
					"The worker that was sending this stopped before it could note the answer. QuickBooks is searched before anything is sent again."
				),
				"next_attempt_at": now,
				"lease_owner": None,
				"lease_until": None,
			},
		)
	]
	frappe.db.commit()  # nosemgrep: frappe-manual-commit  each worker must see what has been expired
	return expired


def select_due(limit: int = 20) -> list[frappe._dict]:
	"""The next rows that may be worked on, in order of queueing: due, not waiting for a synchronization, not
	waiting for another row, and with no older transaction of the same party still on its way."""
	# One statement a status: only then does the index yield the rows in order, and reading stops at the limit.
	found = [*_select_due(UNKNOWN, limit), *_select_due(QUEUED, limit)]
	return sorted(found, key=lambda row: (row.creation, row.name))[:limit]


def _select_due(status: str, limit: int) -> list[frappe._dict]:
	# As a rule the rows that may go stand among the first. Where few do, one party fills the front of the queue, and
	# comparing each of its rows with all the older ones would take longer the longer the queue is.
	found = _select_first_of_party(_select_ready(status).limit(WINDOW), limit)
	if len(found) >= min(limit, ENOUGH):
		return found
	row = frappe.qb.DocType(QUEUE)
	released = _select_ready(status).where(
		(row.party.isnull()) | (row.party == "") | (row.blocked_by.isnotnull() & (row.blocked_by != ""))
	)
	behind = [*found, *_select_first_of_party(released.limit(WINDOW), limit)]
	heads = _select_heads()
	if heads:
		at_head = Criterion.any((row.party == head.party) & (row.creation <= head.since) for head in heads)
		behind += _select_first_of_party(_select_ready(status).where(at_head).limit(WINDOW), limit)
	return list({entry.name: entry for entry in behind}.values())


def _select_heads() -> list[frappe._dict]:
	"""``party`` and ``since``: for each party, when the first of what holds up its later rows was queued; the oldest first."""
	older = frappe.qb.DocType(QUEUE)
	since = Min(older.creation).as_("since")
	return (
		frappe.qb.from_(older)
		.select(older.party, since)
		.where(_holds_up(older) & (older.party != ""))
		.groupby(older.party)
		.orderby(since)
		.limit(HEADS)
		.run(as_dict=True)
	)


def _select_ready(status: str) -> Any:
	"""A query of the rows that nothing but an older row of their party holds up, in order of queueing."""
	row = frappe.qb.DocType(QUEUE)
	blocker = frappe.qb.DocType(QUEUE).as_("blocker")
	return (
		frappe.qb.from_(row)
		.left_join(blocker)
		.on(blocker.name == row.blocked_by)
		.select(row.name, row.status, row.fence, row.creation, row.reference_doctype, row.party)
		.where(
			(row.status == status)
			& (row.waits_for_synchronization == 0)
			& (row.next_attempt_at.isnull() | (row.next_attempt_at <= now_datetime()))
			& (blocker.name.isnull() | blocker.status.isin(list(DONE_STATUSES)))
		)
		.orderby(row.creation, order=Order.asc)
		.orderby(row.name, order=Order.asc)
	)


def _select_first_of_party(ready: Any, limit: int) -> list[frappe._dict]:
	ready = ready.as_("ready")
	older = frappe.qb.DocType(QUEUE).as_("older")
	overtaken = (
		frappe.qb.from_(older)
		.select(older.name)
		.where(
			(older.party == ready.party)
			& _holds_up(older)
			& (
				(older.creation < ready.creation)
				| ((older.creation == ready.creation) & (older.name < ready.name))
			)
		)
	)
	return (
		frappe.qb.from_(ready)
		.select(ready.name, ready.status, ready.fence, ready.creation, ready.reference_doctype)
		.where(ready.party.isnull() | (ready.party == "") | ExistsCriterion(overtaken).negate())
		.orderby(ready.creation, order=Order.asc)
		.orderby(ready.name, order=Order.asc)
		.limit(limit)
		.run(as_dict=True)
	)


def get_older_of_party(row: frappe._dict) -> frappe._dict | None:
	"""The transaction of the same party that this row has to let go first, if there is one."""
	older = frappe.qb.DocType(QUEUE)
	if not row.party:
		return None
	found = (
		frappe.qb.from_(older)
		.select(older.reference_doctype, older.reference_name, older.status, older.reason)
		.where((older.party == row.party) & (older.creation < row.creation) & _holds_up(older))
		.orderby(older.creation)
		.limit(1)
		.run(as_dict=True)
	)
	return found[0] if found else None


def _holds_up(older: Any) -> Any:
	"""What lets no later transaction of its party overtake it: whatever moves by itself."""
	return (
		older.status.isin([QUEUED, SENDING, UNKNOWN])
		& (older.waits_for_synchronization == 0)
		& (older.waits_for_period == 0)
		& (older.blocked_by.isnull() | (older.blocked_by == ""))
	)


def has_work() -> bool:
	"""Whether a worker would find something to do: a row that is due, or one whose lease has ended."""
	if select_due(limit=1):
		return True
	return bool(
		frappe.get_all(
			QUEUE,
			filters={"status": SENDING, "lease_until": ("<", now_datetime())},
			pluck="name",
			order_by="creation",
			limit=1,
		)
	)


def is_locked(row: frappe._dict) -> bool:
	"""Whether what this row stands for is in QuickBooks, or may be: its document must not be cancelled."""
	return row.status in (SENDING, UNKNOWN, SENT) or bool(row.possibly_stored)


def get_refused_values(row: frappe._dict) -> dict[str, Any]:
	"""What a definite refusal makes of a row: nothing was stored, so the next attempt is a new request."""
	return {
		"attempt": row.attempt + 1,
		"payload": None,
		"request_id": None,
		"possibly_stored": 0,
		"sends": 0,
		"first_sent_at": None,
	}


def get_gone_values(row: frappe._dict) -> dict[str, Any]:
	"""What the proof that a twin is gone from QuickBooks makes of a row: the next one is a new generation."""
	return {**get_refused_values(row), "attempt": 1, "generation": row.generation + 1}


def delete_rows(names: list[str]) -> None:
	"""Remove rows from the queue, in the current transaction."""
	if names:
		frappe.db.delete(QUEUE, {"name": ("in", names)})
		frappe.db.delete(QUEUE_ITEM, {"queue_entry": ("in", names)})
