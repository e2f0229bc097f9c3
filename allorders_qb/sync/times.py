"""QuickBooks' moments, which carry an offset, as the naive times of the site's own zone that Frappe stores."""

import time
from datetime import datetime, timezone
from zoneinfo import ZoneInfo

from frappe.utils import convert_utc_to_system_timezone, get_system_timezone, now_datetime


def parse_quickbooks_time(text: str) -> datetime:
	"""``2026-11-02T09:15:00-08:00`` (or with ``Z``, or fractions of any length), with the offset it says, if any."""
	head, _dot, rest = text.replace("Z", "+00:00").partition(".")
	if rest:
		fraction = rest[: len(rest) - len(rest.lstrip("0123456789"))]
		head = f"{head}.{fraction[:6].ljust(6, '0')}{rest[len(fraction) :]}"
	return datetime.fromisoformat(head)


def read_quickbooks_time(text: str | None) -> datetime | None:
	"""QuickBooks' time -> naive site time; None for none."""
	if not text:
		return None
	moment = parse_quickbooks_time(text)
	if moment.tzinfo is None:
		return moment
	utc = moment.astimezone(timezone.utc).replace(tzinfo=None)
	return convert_utc_to_system_timezone(utc).replace(tzinfo=None)


def is_past(moment: datetime) -> bool:
	"""Whether a naive site time has really gone by, on the night the clocks change as well.

	In spring the site's clock jumps an hour: what is due in two minutes would look long gone.
	"""
	zone = ZoneInfo(get_system_timezone())
	return moment.replace(tzinfo=zone).astimezone(timezone.utc) <= now_datetime().replace(
		tzinfo=zone
	).astimezone(timezone.utc)


def read_running_clock() -> float:
	"""Seconds on a clock that nobody sets and that goes on while the machine is suspended."""
	return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


def write_quickbooks_time(moment: datetime) -> str:
	"""A naive site time -> ``2026-11-02T17:15:00+00:00``, as QuickBooks' queries take it."""
	local = moment.replace(tzinfo=ZoneInfo(get_system_timezone()))
	return local.astimezone(timezone.utc).isoformat(timespec="seconds")
