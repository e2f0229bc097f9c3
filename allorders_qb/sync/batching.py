"""List records, up to 30 in one request, each with an outcome of its own.

The order that makes a single row single holds for each row of a batch: frozen and noted before the request leaves, its
answer stored in one transaction. Whether QuickBooks repeats a batch's answer under the same request id is not proven, so a
batch is never sent again as a batch: after silence each record is searched for by name (``adoption``), and what is not found
goes by itself. Source: ``accounting.md`` 2 of the design notes.
"""

import hashlib
from typing import TYPE_CHECKING

import frappe
from frappe.utils import now_datetime

from allorders_qb.qbo.batches import Answer, BatchItem
from allorders_qb.qbo.faults import FaultClass, NotSent, OutcomeUnknown, QuickBooksError, Refused
from allorders_qb.qbo.pacing import PaceReached
from allorders_qb.sync import rows
from allorders_qb.sync.connection import explain_not_ready, get_connection
from allorders_qb.sync.links import load_object
from allorders_qb.sync.sender import Sender, check_held_up
from allorders_qb.sync.sorting import PACE_DELAY, StopDraining
from allorders_qb.sync.times import read_running_clock

if TYPE_CHECKING:
	from allorders_qb.sync.worker import Worker


def send_batch(worker: "Worker", sender: Sender, held: list[rows.Claim]) -> None:
	"""Send these held rows of list records in one request and store or sort each one's answer.

	Raises ``StopDraining``, when every row has been dealt with, where the connection has to rest.
	"""
	ready = [one for one in held if _prepare(worker, sender, one)]
	if len(ready) == 1:
		worker.send_single(sender, ready[0])
		return
	began = read_running_clock()
	leaving = [one for one in ready if _note(worker, sender, one)]
	if not leaving:
		return
	try:
		check_held_up(began)
	except rows.LeaseLost:
		# As a single row does: it stays as it is until its lease ends, and is searched for then.
		return
	try:
		answers = _request(worker, sender, leaving)
	except StopDraining:
		reason = explain_not_ready(get_connection(worker.realm_id)) or ""
		for one in leaving:
			worker.attend(sender, one, lambda one=one: worker.release_unsent(sender, one, reason))
		raise
	except QuickBooksError as error:
		_settle_whole(worker, sender, leaving, error)
		return
	_settle_each(worker, sender, leaving, answers)


def _prepare(worker: "Worker", sender: Sender, held: rows.Claim) -> bool:
	ready = []
	worker.attend(sender, held, lambda: ready.append(bool(held.row.payload) or sender.prepare(held)))
	# No two documents stay locked at once.
	frappe.db.commit()  # nosemgrep: frappe-manual-commit
	return ready == [True]


def _note(worker: "Worker", sender: Sender, held: rows.Claim) -> bool:
	noted = []
	worker.attend(sender, held, lambda: noted.append(sender.note_leaving(held)))
	return bool(noted)


def _request(
	worker: "Worker", sender: Sender, leaving: list[rows.Claim]
) -> dict[str, Answer | QuickBooksError]:
	items = [_make_item(number, held.row) for number, held in enumerate(leaving, 1)]
	request_id = _make_request_id(leaving)
	try:
		try:
			return sender.client.batch(items, request_id)
		except Refused as refusal:
			if not refusal.fault.refreshable:
				raise
			# The gateway has turned the request away unread: with a new token the same bytes may go again.
			worker.open_client(worker.realm_id, rejected=sender.client.access_token)
			sender.client = worker.client
			return sender.client.batch(items, request_id)
	finally:
		# One call for all of them: the rows find it by its intuit_tid.
		sender.log.write()
		frappe.db.commit()  # nosemgrep: frappe-manual-commit


def _make_item(number: int, row: frappe._dict) -> BatchItem:
	operation = "update" if load_object(row.payload).get("Id") else "create"
	return BatchItem(str(number), operation, row.entity, row.payload)


def _make_request_id(leaving: list[rows.Claim]) -> str:
	"""36 characters that belong to these requests and to no others."""
	together = "\x1f".join(held.row.request_id for held in leaving)
	return "aob" + hashlib.sha256(together.encode()).hexdigest()[:33]


def _settle_each(
	worker: "Worker",
	sender: Sender,
	leaving: list[rows.Claim],
	answers: dict[str, Answer | QuickBooksError],
) -> None:
	"""Deal with each row as if its answer were that of a single request."""
	must_stop = False
	for number, held in enumerate(leaving, 1):
		answer = answers[str(number)]

		def settle(held: rows.Claim = held, answer: Answer | QuickBooksError = answer) -> None:
			if isinstance(answer, OutcomeUnknown):
				# The batch was answered: that is this row's bad luck, and no silence of QuickBooks'.
				worker.leave_unknown(sender, held, answer)
			else:
				worker.sort(sender, held, lambda: _take(sender, held, answer))

		try:
			worker.attend(sender, held, settle)
		except StopDraining:
			must_stop = True
	if must_stop:
		raise StopDraining


def _take(sender: Sender, held: rows.Claim, answer: Answer | QuickBooksError) -> None:
	if isinstance(answer, QuickBooksError):
		held.refused = isinstance(answer, Refused)
		raise answer
	held.unsure = True
	held.row.intuit_tid = answer.intuit_tid
	sender.store_answer(held, answer)


def _settle_whole(
	worker: "Worker", sender: Sender, leaving: list[rows.Claim], error: QuickBooksError
) -> None:
	"""The batch as a whole met with silence or was refused: every row is put back, then the connection is looked at."""
	for held in leaving:
		worker.attend(sender, held, lambda held=held: _put_back(worker, sender, held, error))
	if isinstance(error, OutcomeUnknown):
		worker.note_silence(error)
	elif isinstance(error, Refused) and error.fault_class is FaultClass.PAUSE:
		worker.pause_for(error)
	elif isinstance(error, NotSent) and not isinstance(error, PaceReached):
		worker.pause(str(error))


def _put_back(worker: "Worker", sender: Sender, held: rows.Claim, error: QuickBooksError) -> None:
	if isinstance(error, PaceReached):
		worker.release_unsent(sender, held, str(error), now_datetime() + PACE_DELAY)
	elif isinstance(error, NotSent):
		worker.release_unsent(sender, held, str(error))
	elif isinstance(error, OutcomeUnknown):
		worker.leave_unknown(sender, held, error)
	elif isinstance(error, Refused) and error.fault_class is FaultClass.PAUSE:
		held.refused = True
		worker.note_refusal(sender, held, error)
		worker.put_back(sender, held, error)
	else:
		worker.sort(sender, held, lambda: _take(sender, held, error))
