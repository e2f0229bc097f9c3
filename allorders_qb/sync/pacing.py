"""The pace of this site's company: QuickBooks Settings and Frappe's Redis given to the limiter of ``qbo.pacing``."""

import threading
from dataclasses import dataclass

import frappe
from frappe.utils import cint
from redis import Redis
from redis.exceptions import RedisError

from allorders_qb.qbo.pacing import LONGEST_WAIT, Limits, LocalPace, Pacer, SharedPace

__all__ = ["LONGEST_WAIT", "Usage", "get_usage", "make_pacer"]

SETTINGS = "QuickBooks Settings"
PER_SECOND = AT_ONCE = 8
"""Where the settings have never been saved since these came."""

ONE_REQUEST = "One Request"
"""What *A Batch Counts As* may say; else it counts as its records."""

REDIS_TIMEOUT = 1.0
"""Seconds; a Redis that does not answer must not hold up what waits behind it."""

SLOT_MARGIN = 30
"""Seconds a slot outlives the longest request."""

_local_paces: dict[str, LocalPace] = {}
_clients: dict[str, Redis] = {}
_lock = threading.Lock()


@dataclass(frozen=True)
class Usage:
	"""Requests to QuickBooks by all workers together: in the last 60 seconds, how many are permitted in 60 seconds, and
	how many are under way now. ``used`` and ``under_way`` are None while Redis is gone, which counts them."""

	used: int | None
	permitted: int
	under_way: int | None


def get_limits() -> Limits | None:
	"""The limits of QuickBooks Settings; None where no pace is set."""
	settings = frappe.get_cached_doc(SETTINGS)
	per_minute = cint(settings.requests_per_minute)
	if per_minute <= 0:
		return None
	return Limits(
		per_second=cint(settings.requests_per_second) or PER_SECOND,
		per_minute=per_minute,
		at_once=cint(settings.requests_at_once) or AT_ONCE,
		lease=(cint(settings.request_timeout) or 130) + SLOT_MARGIN,
		# What is not established is taken at its worst, until somebody says otherwise.
		batch_counts_items=settings.get("batch_counts_as") != ONE_REQUEST,
	)


def make_pacer(realm_id: str) -> Pacer | None:
	"""What a client holds during each request. None where no pace is set."""
	limits = get_limits()
	if not limits:
		return None
	address, key = _get_address(), _make_key(realm_id)
	with _lock:
		local = _local_paces.setdefault(f"{address} {key} {limits}", LocalPace(limits))
	return Pacer(lambda: SharedPace(_get_redis(address), key, limits), local)


def get_usage(realm_id: str) -> Usage | None:
	"""Requests used of those permitted per minute; None where no pace is set."""
	limits = get_limits()
	if not limits:
		return None
	try:
		used, under_way = SharedPace(_get_redis(_get_address()), _make_key(realm_id), limits).count_recent()
	except RedisError:
		used = under_way = None
	return Usage(used, limits.per_minute, under_way)


def _get_address() -> str:
	return frappe.conf.redis_cache or "redis://127.0.0.1:13311"


def _make_key(realm_id: str) -> str:
	# Sites that share a company share its pace; its environment is part of what a company is.
	return f"allorders_qb:pace:{frappe.get_cached_doc(SETTINGS).environment}:{realm_id}"


def _get_redis(address: str) -> Redis:
	with _lock:
		if address not in _clients:
			_clients[address] = Redis.from_url(
				address, socket_timeout=REDIS_TIMEOUT, socket_connect_timeout=REDIS_TIMEOUT
			)
		return _clients[address]
