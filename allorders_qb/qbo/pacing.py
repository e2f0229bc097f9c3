"""No faster than QuickBooks allows: the pace of one company, held by everybody who shares a Redis.

Intuit permits an app, for each company, 500 requests in any 60 seconds, 10 a second and 10 at the same time, and 40 batches a
minute; an answer 429 costs a whole minute. Requests leave evenly (GCRA: one every `spacing`, with `GRACE` that may follow at
once, so that a worker that wakes late costs nothing), which keeps all of these without counting. Each request holds one of the
slots for requests under way; a slot whose owner vanished is free again after `lease` seconds.

Without Redis each process keeps a share by itself, small enough for `PROCESSES_WITHOUT_REDIS` of them.
Source: Intuit's "Limits and throttles" page. The limiter is pyrate-limiter's, on Redis' own clock.
"""

from __future__ import annotations

import logging
import math
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from pyrate_limiter import GCRA, InMemoryStateStore, Rate, RateItem, RedisStateStore, StateBucket
from pyrate_limiter.clocks import AbstractClock
from redis import Redis
from redis.exceptions import RedisError

from allorders_qb.qbo.faults import NotSent

logger = logging.getLogger(__name__)

GRACE = 1
"""So many requests may follow the one before without the spacing, when some went late."""

LONGEST_WAIT = 5.0
"""Seconds a request waits for its turn; after that it does not leave at all. Short, because its row already says that it
leaves: the search after silence counts from there."""

BATCH_SPACING_MS, BATCHES_AT_ONCE = 1750, 4
"""At most 38 batches in any 60 seconds; Intuit permits 40."""

PROCESSES_WITHOUT_REDIS = 10
MINUTE_MS = 60_000
SLOT_POLL = 0.02
AVOID_REDIS_SECONDS = 5
"""After Redis failed it is not asked again for so long: asking can be slow."""

# Slots are members of a sorted set; their score is when they are free again, in Redis' milliseconds.
_TAKE_SLOT = """
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
if redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[1]) then
	return 0
end
redis.call('ZADD', KEYS[1], now + tonumber(ARGV[2]), ARGV[3])
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return 1
"""


class PaceReached(NotSent):
	"""The company's share of requests is used up for the moment: nothing was sent, the same may go a little later."""


@dataclass(frozen=True)
class Limits:
	"""What one company is asked at most, by everybody together: requests a second, in any 60 seconds, and at the same time.

	`lease`: seconds after which a request under way counts as ended, though nobody said so.
	"""

	per_second: int
	per_minute: int
	at_once: int
	lease: int

	@property
	def burst(self) -> int:
		return 1 + GRACE if self.per_minute > 10 * GRACE else 1

	@property
	def spacing_ms(self) -> int:
		"""Milliseconds between two requests, such that any 60 seconds see at most `per_minute`, the grace included."""
		evenly = MINUTE_MS / (self.per_minute - self.burst + 1)
		return math.ceil(max(1000 / self.per_second, evenly))


class RedisClock(AbstractClock):
	"""Redis' own milliseconds: the machines' clocks may differ."""

	def __init__(self, redis: Redis) -> None:
		self._redis = redis

	def now(self) -> int:
		seconds, micros = self._redis.time()
		return seconds * 1000 + micros // 1000


class SharedPace:
	"""The pace of one company over Redis. Safe for any number of threads, processes and machines."""

	def __init__(self, redis: Redis, key: str, limits: Limits) -> None:
		self._redis = redis
		self._key = key
		self._limits = limits
		self._turns = self._open_bucket("turns", Rate(1, limits.spacing_ms, limits.burst))
		self._batches = self._open_bucket("batches", Rate(1, BATCH_SPACING_MS, BATCHES_AT_ONCE))
		self._take_slot = redis.register_script(_TAKE_SLOT)

	def _open_bucket(self, name: str, rate: Rate) -> StateBucket:
		store = RedisStateStore(self._redis, f"{self._key}:{name}")
		return StateBucket([rate], GCRA(), store, RedisClock(self._redis))

	@contextmanager
	def hold(self, is_batch: bool, deadline: float) -> Iterator[None]:
		"""Wait for the request's turn and hold its slot meanwhile; raises PaceReached at the deadline (time.monotonic)."""
		slot = secrets.token_hex(8)
		self._enter(slot, deadline)
		try:
			if is_batch:
				_take_turn(self._batches, deadline)
			_take_turn(self._turns, deadline)
			self._count(slot)
			yield
		finally:
			self._leave(slot)

	def count_recent(self) -> tuple[int, int]:
		"""Requests in the last 60 seconds, and those under way now. Raises RedisError."""
		seconds, micros = self._redis.time()
		now = seconds * 1000 + micros // 1000
		pipe = self._redis.pipeline()
		pipe.zcount(f"{self._key}:recent", now - MINUTE_MS, "+inf")
		pipe.zcount(f"{self._key}:slots", now, "+inf")
		recent, under_way = pipe.execute()
		return recent, under_way

	def _enter(self, slot: str, deadline: float) -> None:
		lease = self._limits.lease * 1000
		while not self._take_slot(keys=[f"{self._key}:slots"], args=[self._limits.at_once, lease, slot]):
			_sleep_until_turn(SLOT_POLL, deadline)

	def _leave(self, slot: str) -> None:
		try:
			self._redis.zrem(f"{self._key}:slots", slot)
		except RedisError as error:
			# QuickBooks' answer is worth more than the slot, which ends by itself.
			logger.warning("A slot for requests under way was not given back: %s", error)

	def _count(self, slot: str) -> None:
		now = self._turns.now()
		recent = f"{self._key}:recent"
		pipe = self._redis.pipeline()
		pipe.zadd(recent, {slot: now})
		pipe.zremrangebyscore(recent, "-inf", now - MINUTE_MS)
		pipe.pexpire(recent, MINUTE_MS)
		pipe.execute()


class LocalPace:
	"""The share of one process that cannot reach Redis: one request at a time, a tenth of the pace."""

	def __init__(self, limits: Limits) -> None:
		rate = Rate(1, limits.spacing_ms * PROCESSES_WITHOUT_REDIS, 1)
		self._turns = StateBucket([rate], GCRA(), InMemoryStateStore())
		self._one_at_a_time = threading.Lock()

	@contextmanager
	def hold(self, is_batch: bool, deadline: float) -> Iterator[None]:
		"""As ``SharedPace.hold``. A batch needs nothing more: this is far below what is permitted for batches too."""
		if not self._one_at_a_time.acquire(timeout=max(deadline - time.monotonic(), 0)):
			raise _refuse()
		try:
			_take_turn(self._turns, deadline)
			yield
		finally:
			self._one_at_a_time.release()


class Pacer:
	"""What a client holds during each request: the shared pace, or this process's own share while Redis is gone."""

	def __init__(self, connect: Callable[[], SharedPace], local: LocalPace) -> None:
		self._connect = connect
		self._local = local
		self._shared: SharedPace | None = None
		self._avoid_until = 0.0

	@contextmanager
	def __call__(self, operation: str | None = None) -> Iterator[None]:
		"""Wait for the turn of one request (`operation` "batch" for a batch); raises PaceReached where it does not come."""
		deadline = time.monotonic() + LONGEST_WAIT
		is_batch = operation == "batch"
		with ExitStack() as stack:
			if not self._hold_shared(stack, is_batch, deadline):
				stack.enter_context(self._local.hold(is_batch, deadline))
			yield

	def _hold_shared(self, stack: ExitStack, is_batch: bool, deadline: float) -> bool:
		if time.monotonic() < self._avoid_until:
			return False
		try:
			self._shared = self._shared or self._connect()
			stack.enter_context(self._shared.hold(is_batch, deadline))
		except RedisError as error:
			self._avoid_until = time.monotonic() + AVOID_REDIS_SECONDS
			logger.warning(
				"Redis does not keep the pace (%s); this process keeps its share by itself.", error
			)
			return False
		return True


def _take_turn(bucket: StateBucket, deadline: float) -> None:
	while True:
		decision = bucket.put_decision(RateItem("request", bucket.now()))
		if decision.allowed:
			break
		_sleep_until_turn((decision.retry_after_ms or 1) / 1000, deadline)
	if time.monotonic() > deadline:
		# Held up meanwhile: whoever looks for this request later counts on its having left by now.
		raise _refuse()


def _sleep_until_turn(seconds: float, deadline: float) -> None:
	if time.monotonic() + seconds > deadline:
		raise _refuse()
	time.sleep(seconds)


def _refuse() -> PaceReached:
	return PaceReached(
		"QuickBooks is being asked as often as it allows, so this was not sent yet. It goes by itself in a moment."
	)
