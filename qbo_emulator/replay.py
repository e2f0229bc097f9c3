"""requestid: what was answered once is answered again, per company. Rules: Intuit's 2015 blog post, and knobs."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from qbo_emulator.company import Company
from qbo_emulator.faults import Fault

MAX_LENGTH = 50
MAX_LENGTH_OF_BATCH = 36
IGNORED, FORGOTTEN, REPLAYS_FAULTS, REFUSES = "ignored", "forgotten", "replays_faults", "refused_600"


@dataclass(frozen=True)
class StoredReply:
	status: int
	body: str
	entity_id: str | None


class Replays:
	"""Finds and stores answers; requests with the same id wait for each other, so that the second finds the first's."""

	def __init__(self) -> None:
		self._locks: dict[tuple[int, str], tuple[asyncio.Lock, int]] = {}

	def check(self, requestid: str, of_batch: bool = False) -> None:
		"""Raise 2130 for an id that is too long."""
		most = MAX_LENGTH_OF_BATCH if of_batch else MAX_LENGTH
		if len(requestid) > most:
			raise Fault("2130", f"The request id is longer than {most} characters", "requestid")

	async def acquire(self, company: Company, requestid: str) -> asyncio.Lock:
		key = (company.key, requestid)
		lock, users = self._locks.get(key, (asyncio.Lock(), 0))
		self._locks[key] = (lock, users + 1)
		await lock.acquire()
		return lock

	def release(self, company: Company, requestid: str) -> None:
		key = (company.key, requestid)
		lock, users = self._locks[key]
		lock.release()
		if users == 1:
			del self._locks[key]
		else:
			self._locks[key] = (lock, users - 1)

	def find(self, company: Company, requestid: str, now: float, mode: str) -> StoredReply | None:
		"""Return the answer to repeat, if the mode (a value of the knob requestid) lets it be remembered. Raises 600."""
		if mode == IGNORED:
			return None
		row = company.store.execute(
			"SELECT status, body, entity_id, refused, answered FROM reply WHERE company = ? AND requestid = ?",
			(company.key, requestid),
		).fetchone()
		if row is None or (row[3] and mode != REPLAYS_FAULTS):
			return None
		if mode == FORGOTTEN and now - row[4] >= company.knobs["requestid_memory_s"]:
			return None
		if mode == REFUSES:
			raise Fault("600", f"The request id {requestid} was used before", "requestid")
		return StoredReply(row[0], row[1], row[2])

	def store(
		self,
		company: Company,
		requestid: str,
		status: int,
		body: str,
		entity_id: str | None,
		refused: bool,
		now: float,
	) -> None:
		"""Keep an answer; called in the transaction of the write it answers."""
		if company.knobs["requestid"] == IGNORED:
			return
		company.store.execute(
			"INSERT OR REPLACE INTO reply VALUES (?, ?, ?, ?, ?, ?, ?)",
			(company.key, requestid, status, body, entity_id, int(refused), now),
		)
