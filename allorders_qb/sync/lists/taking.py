"""Taking over records one by one: each in a transaction of its own, so that a bad one stops no other."""

from collections.abc import Iterable
from itertools import islice
from typing import Any

import frappe

from allorders_qb.qbo.faults import QuickBooksError, Refused
from allorders_qb.sync.links import LINK
from allorders_qb.sync.lists import apply, bulk, conflicts
from allorders_qb.sync.lists.definitions import LISTS, ListDefinition
from allorders_qb.sync.lists.naming import NameHeld
from allorders_qb.sync.lists.saving import report_not_taken
from allorders_qb.sync.mirrors import BY_DOCTYPE, read_mirror
from allorders_qb.sync.runs.context import RunContext, RunLost, RunStopped

CHUNK = 500
TRIES = 3
COUNTED = {apply.CREATED: "created", apply.UPDATED: "updated", apply.DEACTIVATED: "deactivated"}


class Taker:
	"""Takes over the records of one list in one run."""

	def __init__(self, context: RunContext, definition: ListDefinition):
		self.context = context
		self.definition = definition
		self.seen: set[str] = set()
		self.deferred: list[dict] = []
		self.not_taken = conflicts.find_open_of_remote(
			context.realm_id, definition.entity, conflicts.NOT_TAKEN
		)

	def take_all(self, remotes: Iterable[dict], again: bool = False, total: int = 0) -> None:
		"""Take over these records; commits after each. Raises ``qbo`` errors, ``RunLost``, ``RunStopped``."""
		stream = iter(remotes)
		done = 0
		while chunk := list(islice(stream, CHUNK)):
			tokens = {} if again else self._read_tokens(chunk)
			self.seen.update(str(remote["Id"]) for remote in chunk)
			for remote in self.take_many([one for one in chunk if not _is_echo(one, tokens)]):
				self.take(remote, again)
			done += len(chunk)
			self.context.count(self.definition.doctype, read=len(chunk))
			self.context.report(frappe._(self.definition.doctype), done, max(total, done))
			self.context.check_lease()

	def take_many(self, remotes: list[dict]) -> list[dict]:
		"""Take over at once what is plainly new here, and commit; what is not is given back."""
		left = bulk.take_new(self.definition, remotes, self.context.around)
		if created := len(remotes) - len(left):
			self.context.count(self.definition.doctype, created=created)
			self.context.check_lease()
		return left

	def take_deferred(self) -> None:
		"""Those whose name another record still had: by now it may be free; else they are told apart."""
		waiting, self.deferred = self.deferred, []
		for remote in waiting:
			self.take(remote)
		waiting, self.deferred = self.deferred, []
		for remote in waiting:
			self.take(remote, tell_apart=True)

	def take(self, remote: dict, again: bool = False, tell_apart: bool = False) -> None:
		"""Take over one record and commit, or note why it can't be."""
		for tries_left in reversed(range(TRIES)):
			try:
				outcome = apply.apply_remote(
					self.context.realm_id,
					self.definition.entity,
					remote,
					around=self.context.around,
					fetch=self.fetch,
					again=again or str(remote["Id"]) in self.not_taken,
					tell_apart=tell_apart,
				)
				self._note(remote, outcome)
				self.context.check_lease()
				return
			except (RunLost, RunStopped, QuickBooksError):
				raise
			except NameHeld as held:
				frappe.db.rollback()
				if tell_apart:
					self._note_failure(remote, held)
				else:
					self.deferred.append(remote)
				return
			except (
				frappe.QueryDeadlockError,
				frappe.QueryTimeoutError,
				frappe.TimestampMismatchError,
			) as error:
				frappe.db.rollback()
				if not tries_left:
					self._note_failure(remote, error)
			except Exception as error:
				frappe.db.rollback()
				self._note_failure(remote, error)
				return

	def fetch(self, doctype: str, quickbooks_id: str) -> dict | None:
		"""What a record refers to, for ``apply_remote``."""
		if doctype in LISTS:
			try:
				return self.context.client.read(LISTS[doctype].entity, quickbooks_id).data
			except Refused as refusal:
				if refusal.fault.is_missing:
					return None
				raise
		read_mirror(self.context.client, self.context.realm_id, BY_DOCTYPE[doctype])
		self.context.around.forget_mirror(doctype)
		return None

	def _note(self, remote: dict, outcome: apply.Outcome) -> None:
		numbers = {"conflicts": outcome.conflicts} if outcome.conflicts else {}
		if column := COUNTED.get(outcome.kind):
			numbers[column] = 1
		if numbers:
			self.context.count(outcome.doctype, **numbers)
		if outcome.kind != apply.WAITING and (open_one := self.not_taken.pop(str(remote["Id"]), None)):
			conflicts.close(open_one, conflicts.BY_ITSELF)

	def _note_failure(self, remote: dict, error: Exception) -> None:
		sentence = report_not_taken(
			self.context.realm_id, self.definition.entity, remote, error, self.definition.doctype
		)
		frappe.clear_last_message()
		self.context.note_error(sentence, self.definition.doctype)
		self.context.check_lease()

	def _read_tokens(self, chunk: list[dict]) -> dict[str, Any]:
		return dict(
			frappe.get_all(
				LINK,
				filters={
					"realm_id": self.context.realm_id,
					"entity": self.definition.entity,
					"quickbooks_id": ("in", [str(remote["Id"]) for remote in chunk]),
				},
				fields=["quickbooks_id", "sync_token"],
				order_by="creation",
				as_list=True,
			)
		)


def _is_echo(remote: dict, tokens: dict[str, Any]) -> bool:
	"""Whether it is a state that we have seen: most often what we have sent ourselves."""
	return remote.get("status") != "Deleted" and tokens.get(str(remote["Id"])) == str(
		remote.get("SyncToken") or "0"
	)
