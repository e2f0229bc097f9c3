"""The pace: what it permits, and what it does without a Redis. (Over a real Redis: allorders_qb/tests/test_sync_pace.py.)"""

from __future__ import annotations

import threading
import time

import pytest
from redis import Redis

from allorders_qb.qbo import pacing
from allorders_qb.qbo.pacing import Limits, LocalPace, Pacer, PaceReached, SharedPace

NO_REDIS = "redis://127.0.0.1:1"


@pytest.mark.parametrize(
	("per_second", "per_minute"), [(8, 490), (8, 480), (8, 100), (3, 490), (8, 12), (8, 10), (1, 60), (8, 1)]
)
def test_the_spacing_keeps_the_minute_and_the_second(per_second, per_minute):
	"""Requests that all go as early as GCRA lets them, counted in the fullest 60 seconds and the fullest second."""
	limits = Limits(per_second, per_minute, 8, 60)
	sent = [0] * limits.burst + [number * limits.spacing_ms for number in range(1, 1000)]

	def count_fullest(width: int) -> int:
		return max(sum(start <= moment < start + width for moment in sent) for start in (0, *sent[:200]))

	assert count_fullest(60_000) <= per_minute
	assert count_fullest(1000) <= per_second + pacing.GRACE
	assert count_fullest(60_000) >= min(per_minute, per_second * 60) * 0.9


def test_ours_is_ninety_five_percent_of_what_intuit_permits():
	assert 60_000 / Limits(8, 490, 8, 60).spacing_ms >= 0.95 * 500


def test_without_redis_a_process_keeps_a_tenth_of_the_pace_one_at_a_time():
	limits = Limits(8, 490, 8, 60)
	local = LocalPace(limits)
	under_way, most, sent = [], [], []

	def ask() -> None:
		pacer = Pacer(lambda: SharedPace(Redis.from_url(NO_REDIS), "k", limits), local)
		with pacer():
			sent.append(time.monotonic())
			under_way.append(1)
			most.append(len(under_way))
			time.sleep(0.01)
			under_way.pop()

	threads = [threading.Thread(target=ask) for _number in range(3)]
	for thread in threads:
		thread.start()
	for thread in threads:
		thread.join()
	gaps = [later - earlier for earlier, later in zip(sent, sent[1:], strict=False)]
	assert len(sent) == 3
	assert max(most) == 1
	assert min(gaps) >= limits.spacing_ms * pacing.PROCESSES_WITHOUT_REDIS / 1000 - 0.02


def test_who_does_not_get_a_turn_in_time_sends_nothing(monkeypatch):
	monkeypatch.setattr(pacing, "LONGEST_WAIT", 0.3)
	limits = Limits(8, 490, 8, 60)
	pacer = Pacer(lambda: SharedPace(Redis.from_url(NO_REDIS), "k", limits), LocalPace(limits))
	with pacer():
		pass
	began = time.monotonic()
	with pytest.raises(PaceReached, match="goes by itself in a moment"), pacer():
		pytest.fail("it went out of turn")
	assert time.monotonic() - began <= 0.35


def test_a_redis_that_failed_is_left_alone_for_a_while():
	asked = []

	def connect() -> SharedPace:
		asked.append(1)
		return SharedPace(Redis.from_url(NO_REDIS), "k", limits)

	limits = Limits(1000, 490_000, 8, 60)
	pacer = Pacer(connect, LocalPace(limits))
	for _number in range(3):
		with pacer():
			pass
	assert len(asked) == 1


def test_what_goes_wrong_in_a_request_comes_out_and_ends_the_turn():
	limits = Limits(1000, 490_000, 8, 60)
	pacer = Pacer(lambda: SharedPace(Redis.from_url(NO_REDIS), "k", limits), LocalPace(limits))
	with pytest.raises(ZeroDivisionError), pacer():
		1 / 0
	with pacer():
		pass


@pytest.mark.parametrize(("counts_items", "leave"), [(True, 1), (False, 2)])
def test_without_redis_a_batch_takes_its_share_as_it_counts(monkeypatch, counts_items, leave):
	"""A tenth of 490 a minute is 49: room for one batch of 30, or for many that count as one."""
	monkeypatch.setattr(pacing, "LONGEST_WAIT", 0.2)
	monkeypatch.setattr(pacing, "PROCESSES_WITHOUT_REDIS", 10)
	limits = Limits(1000, 490, 8, 60, batch_counts_items=counts_items)
	local = LocalPace(limits)
	left = 0
	for _number in range(2):
		try:
			with local.hold(30, time.monotonic() + 3):
				left += 1
		except PaceReached:
			pass
	assert left == leave
