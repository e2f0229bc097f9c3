"""No faster than QuickBooks allows: one slot per company in Redis, taken before every request by any worker.

Intuit permits 500 requests a minute and 10 a second for a company; an answer 429 costs a whole minute. Evenly
spaced requests keep both limits without counting.
"""

import time
from collections.abc import Callable

import frappe
from frappe.utils import cint
from redis.exceptions import RedisError

SETTINGS = "QuickBooks Settings"
POLL_SECONDS = 0.01
LONGEST_WAIT = 5
"""Seconds after which a request leaves all the same. Short, because its row already says that it leaves: the search
after silence counts from there (``connection.UPLOAD_MARGIN``)."""


def make_pacer(realm_id: str) -> Callable[[], None] | None:
	"""What a client calls before each request: waits for the company's next slot. None where no pace is set.

	Without Redis each worker keeps the pace by itself.
	"""
	per_minute = cint(frappe.get_cached_doc(SETTINGS).requests_per_minute)
	if per_minute <= 0:
		return None
	gap = 60 / per_minute
	key = frappe.cache.make_key(f"quickbooks_pace:{realm_id}")

	def wait_for_slot() -> None:
		give_up_at = time.monotonic() + LONGEST_WAIT
		try:
			while not frappe.cache.set(key, 1, nx=True, px=max(int(gap * 1000), 1)):
				if time.monotonic() > give_up_at:
					return
				time.sleep(POLL_SECONDS)
		except RedisError:
			time.sleep(gap)

	return wait_for_slot
