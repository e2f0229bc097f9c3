"""No faster than QuickBooks allows: the pace of one company, held by everybody who shares a Redis.

Intuit permits an app, for each company, 500 requests in any 60 seconds, 10 a second and 10 at the same time, and 40 batches a
minute; an answer 429 costs a whole minute. Requests leave evenly (GCRA: one every `spacing`, with `GRACE` that may follow at
once, so that a worker that wakes late costs nothing), which keeps all of these without counting. Each request holds one of the
slots for requests under way; a slot whose owner vanished is free again after `lease` seconds.

Whether a batch counts as one request or as its items is not established (Intuit's blog of 2016: "including batch requests"). So what
was sent in the last 60 seconds is counted as well, a batch as its items unless `Limits` say otherwise: it leaves when there is
room for all of them, and while it waits for that the others leave it room.

Without Redis each process keeps a share by itself, small enough for `PROCESSES_WITHOUT_REDIS` of them.
Source: Intuit's "Limits and throttles" page. The limiter is pyrate-limiter's, on Redis' own clock.
"""

from __future__ import annotations

import logging
import math
import secrets
import threading
import time
from collections import deque
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


# What left in the last minute: a sorted set by the moment, a member per request counted. Room may be reserved by one that needs
# much of it and can wait until it has it; a reservation that nobody renews ends by itself. Returns 0 when counted, else after how many milliseconds to ask again.
_ADMIT = """
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local limit, weight, slot, minute = tonumber(ARGV[1]), tonumber(ARGV[2]), ARGV[3], tonumber(ARGV[4])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - minute)
local held = redis.call('HMGET', KEYS[2], 'slot', 'weight')
local reserved = 0
if held[1] and held[1] ~= slot then
	reserved = tonumber(held[2])
end
local lacking = redis.call('ZCARD', KEYS[1]) + weight + reserved - limit
if lacking <= 0 then
	for number = 1, weight do
		redis.call('ZADD', KEYS[1], now, slot .. ':' .. number)
	end
	redis.call('PEXPIRE', KEYS[1], minute)
	if held[1] == slot then
		redis.call('DEL', KEYS[2])
	end
	return 0
end
local oldest = redis.call('ZRANGE', KEYS[1], lacking - 1, lacking - 1, 'WITHSCORES')
local wait = math.max(1, (tonumber(oldest[2]) or now) + minute - now + 1)
if weight > 1 and reserved == 0 and wait <= tonumber(ARGV[6]) then
	redis.call('HSET', KEYS[2], 'slot', slot, 'weight', weight)
	redis.call('PEXPIRE', KEYS[2], ARGV[5])
end
return wait
"""

RESERVED_MS = 1000
"""So long room stays reserved for a batch that does not ask again."""


class PaceReached(NotSent):
	"""The company's share of requests is used up for the moment: nothing was sent, the same may go a little later."""


@dataclass(frozen=True)
class Limits:
	"""What one company is asked at most, by everybody together: requests a second, in any 60 seconds, and at the same time.

	`lease`: seconds after which a request under way counts as ended, though nobody said so. `batch_counts_items`: whether a batch
	counts as its items against the minute.
	"""

	per_second: int
	per_minute: int
	at_once: int
	lease: int
	batch_counts_items: bool = True

	def weigh(self, batch_items: int) -> int:
		"""As how many requests one counts that holds so many items (0: no batch)."""
		return min(max(batch_items, 1), self.per_minute) if self.batch_counts_items else 1

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
		self._admit = redis.register_script(_ADMIT)

	def _open_bucket(self, name: str, rate: Rate) -> StateBucket:
		store = RedisStateStore(self._redis, f"{self._key}:{name}")
		return StateBucket([rate], GCRA(), store, RedisClock(self._redis))

	@contextmanager
	def hold(self, batch_items: int, deadline: float) -> Iterator[None]:
		"""Wait for the request's turn and hold its slot meanwhile; raises PaceReached at the deadline (time.monotonic)."""
		slot = secrets.token_hex(8)
		self._enter(slot, deadline)
		try:
			if batch_items:
				_take_turn(self._batches, deadline)
			_take_turn(self._turns, deadline)
			self._count(slot, self._limits.weigh(batch_items), deadline)
			yield
		finally:
			self._leave(slot)

	def count_recent(self) -> tuple[int, int]:
		"""Requests in the last 60 seconds, as they count, and those under way now. Raises RedisError."""
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

	def _count(self, slot: str, weight: int, deadline: float) -> None:
		"""Count the request among those of the last minute, as soon as that has room for it."""
		keys = [f"{self._key}:recent", f"{self._key}:reserved"]
		arguments = [self._limits.per_minute, weight, slot, MINUTE_MS, RESERVED_MS]
		while wait := self._admit(keys=keys, args=[*arguments, int((deadline - time.monotonic()) * 1000)]):
			_sleep_until_turn(wait / 1000, deadline, at_most=RESERVED_MS / 2000)


class LocalPace:
	"""The share of one process that cannot reach Redis: one request at a time, a tenth of the pace."""

	def __init__(self, limits: Limits) -> None:
		rate = Rate(1, limits.spacing_ms * PROCESSES_WITHOUT_REDIS, 1)
		self._limits = limits
		self._turns = StateBucket([rate], GCRA(), InMemoryStateStore())
		self._one_at_a_time = threading.Lock()
		self._share = max(limits.per_minute // PROCESSES_WITHOUT_REDIS, 1)
		self._recent: deque[float] = deque()

	@contextmanager
	def hold(self, batch_items: int, deadline: float) -> Iterator[None]:
		"""As ``SharedPace.hold``. The batches a minute need nothing more: this is far below what is permitted."""
		if not self._one_at_a_time.acquire(timeout=max(deadline - time.monotonic(), 0)):
			raise _refuse()
		try:
			_take_turn(self._turns, deadline)
			self._count(min(self._limits.weigh(batch_items), self._share), deadline)
			yield
		finally:
			self._one_at_a_time.release()

	def _count(self, weight: int, deadline: float) -> None:
		while True:
			now = time.monotonic()
			while self._recent and self._recent[0] <= now - MINUTE_MS / 1000:
				self._recent.popleft()
			lacking = len(self._recent) + weight - self._share
			if lacking <= 0:
				self._recent.extend([now] * weight)
				return
			_sleep_until_turn(self._recent[lacking - 1] + MINUTE_MS / 1000 - now, deadline)


class Pacer:
	"""What a client holds during each request: the shared pace, or this process's own share while Redis is gone."""

	def __init__(self, connect: Callable[[], SharedPace], local: LocalPace) -> None:
		self._connect = connect
		self._local = local
		self._shared: SharedPace | None = None
		self._avoid_until = 0.0

	@contextmanager
	def __call__(self, batch_items: int = 0) -> Iterator[None]:
		"""Wait for the turn of one request, or of a batch of so many items; raises PaceReached where it does not come."""
		deadline = time.monotonic() + LONGEST_WAIT
		with ExitStack() as stack:
			if not self._hold_shared(stack, batch_items, deadline):
				stack.enter_context(self._local.hold(batch_items, deadline))
			yield

	def _hold_shared(self, stack: ExitStack, batch_items: int, deadline: float) -> bool:
		if time.monotonic() < self._avoid_until:
			return False
		try:
			self._shared = self._shared or self._connect()
			stack.enter_context(self._shared.hold(batch_items, deadline))
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


def _sleep_until_turn(seconds: float, deadline: float, at_most: float = LONGEST_WAIT) -> None:
	if time.monotonic() + seconds > deadline:
		raise _refuse()
	time.sleep(min(seconds, at_most))


def _refuse() -> PaceReached:
	return PaceReached(
		"QuickBooks is being asked as often as it allows, so this was not sent yet. It goes by itself in a moment."
	)
