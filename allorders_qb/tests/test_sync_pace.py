"""The pace over a real Redis: many at once stay within it together, and it is never left unused."""

import threading
import time
from contextlib import contextmanager

import frappe
from redis import Redis

from allorders_qb.qbo.pacing import Limits, PaceReached, SharedPace
from allorders_qb.sync import pacing
from allorders_qb.tests.utils import IntegrationTestCase

SETTINGS = "QuickBooks Settings"
LIMITS = Limits(per_second=40, per_minute=2450, at_once=3, lease=60)


@contextmanager
def settings_of(**values):
	"""QuickBooks Settings with these values, as before afterwards."""
	before = {field: frappe.db.get_single_value(SETTINGS, field) for field in values}
	try:
		frappe.db.set_single_value(SETTINGS, values)
		frappe.clear_document_cache(SETTINGS, SETTINGS)
		yield
	finally:
		frappe.db.set_single_value(SETTINGS, before)
		frappe.clear_document_cache(SETTINGS, SETTINGS)


class TestPace(IntegrationTestCase):
	def setUp(self):
		self.key = f"pace test {frappe.generate_hash(length=8)}"
		self.address = frappe.conf.redis_cache

	def open_pace(self, limits: Limits = LIMITS) -> SharedPace:
		"""As another process would: over a connection of its own."""
		return SharedPace(Redis.from_url(self.address), self.key, limits)

	def ask_for(self, seconds: float, threads: int, hold: float = 0.0) -> tuple[list[float], int]:
		"""That many at once ask for so long; when each request left, and the most that were under way together."""
		sent, under_way, most = [], set(), [0]
		ends_at = time.monotonic() + seconds

		def ask() -> None:
			pace = self.open_pace()
			while time.monotonic() < ends_at:
				with pace.hold(0, time.monotonic() + 5):
					sent.append(time.monotonic())
					under_way.add(threading.get_ident())
					most[0] = max(most[0], len(under_way))
					time.sleep(hold)
					under_way.discard(threading.get_ident())

		running = [threading.Thread(target=ask) for _number in range(threads)]
		for thread in running:
			thread.start()
		for thread in running:
			thread.join()
		return sorted(sent), most[0]

	def test_many_together_keep_the_pace_and_use_it(self):
		sent, most = self.ask_for(3, threads=6)
		spacing = LIMITS.spacing_ms / 1000
		for earlier, later in zip(sent, sent[40:], strict=False):
			# 40 spacings, less the one that may be caught up and what a thread may lose after its turn.
			self.assertGreaterEqual(later - earlier, 38 * spacing - 0.05)
		self.assertGreaterEqual(len(sent), 0.9 * 3 / spacing)
		self.assertLessEqual(most, LIMITS.at_once)

	def test_no_more_are_under_way_than_permitted(self):
		sent, most = self.ask_for(1, threads=6, hold=0.15)
		self.assertEqual(most, LIMITS.at_once)
		self.assertGreater(len(sent), 2 * LIMITS.at_once)

	def test_a_slot_whose_worker_was_killed_is_free_again_after_its_lease(self):
		limits = Limits(1000, 490_000, at_once=1, lease=1)
		self.open_pace(limits)._enter("the slot of a dead worker", time.monotonic() + 1)
		began = time.monotonic()
		with self.open_pace(limits).hold(0, began + 5):
			self.assertGreater(time.monotonic() - began, 0.8)
			self.assertLess(time.monotonic() - began, 2)

	def test_who_finds_no_slot_in_time_sends_nothing(self):
		limits = Limits(1000, 490_000, at_once=1, lease=60)
		with self.open_pace(limits).hold(0, time.monotonic() + 5), self.assertRaises(PaceReached):
			with self.open_pace(limits).hold(0, time.monotonic() + 0.2):
				self.fail("two were under way")

	def test_batches_keep_a_pace_of_their_own(self):
		pace = self.open_pace(Limits(1000, 490_000, 8, 60))
		for _number in range(4):
			with pace.hold(2, time.monotonic() + 0.5):
				pass
		with self.assertRaises(PaceReached), pace.hold(2, time.monotonic() + 0.5):
			self.fail("a fifth batch left at once")
		with pace.hold(0, time.monotonic() + 0.5):
			pass

	def test_a_batch_counts_as_its_items_against_the_minute(self):
		limits = Limits(1000, 100, 8, 60)
		pace = self.open_pace(limits)
		for _number in range(3):
			with pace.hold(30, time.monotonic() + 2):
				pass
		self.assertEqual(pace.count_recent()[0], 90)
		with self.assertRaises(PaceReached), pace.hold(30, time.monotonic() + 2):
			self.fail("120 counted in a minute")
		# What the batch cannot wait for is not held back from others.
		with pace.hold(0, time.monotonic() + 2):
			pass

	def test_where_a_batch_counts_as_one_it_is_one(self):
		pace = self.open_pace(Limits(1000, 100, 8, 60, batch_counts_items=False))
		for _number in range(4):
			with pace.hold(30, time.monotonic() + 2):
				pass
		self.assertEqual(pace.count_recent()[0], 4)

	def test_single_requests_leave_a_waiting_batch_its_room(self):
		"""The minute is full of what left almost a minute ago: as it runs out, the batch comes first."""
		redis, limits = Redis.from_url(self.address), Limits(100_000, 40, 8, 60)
		now = redis.time()[0] * 1000
		redis.zadd(f"{self.key}:recent", {f"old {number}": now - 58_000 + number for number in range(40)})
		left = []

		def leave(name: str, items: int) -> None:
			with self.open_pace(limits).hold(items, time.monotonic() + 8):
				left.append(name)

		batch = threading.Thread(target=leave, args=("batch", 30))
		batch.start()
		time.sleep(0.2)
		singles = [threading.Thread(target=leave, args=("single", 0)) for _number in range(3)]
		for thread in singles:
			thread.start()
		for thread in (batch, *singles):
			thread.join()
		self.assertIn("batch", left)
		self.assertEqual(len(left), 4)
		self.assertLessEqual(self.open_pace(limits).count_recent()[0], 40)

	def test_the_pace_survives_a_redis_that_has_forgotten_its_scripts(self):
		pace = self.open_pace()
		with pace.hold(0, time.monotonic() + 1):
			pass
		Redis.from_url(self.address).script_flush()
		with pace.hold(0, time.monotonic() + 1):
			pass


class TestUsage(IntegrationTestCase):
	def test_requests_of_the_last_minute_and_those_under_way_are_counted(self):
		realm = frappe.generate_hash(length=8)
		with settings_of(requests_per_minute=490, requests_per_second=8, requests_at_once=8):
			pacer = pacing.make_pacer(realm)
			self.assertEqual(pacing.get_usage(realm), pacing.Usage(0, 490, 0))
			with pacer(), pacer():
				self.assertEqual(pacing.get_usage(realm), pacing.Usage(2, 490, 2))
			self.assertEqual(pacing.get_usage(realm), pacing.Usage(2, 490, 0))
			self.assertEqual(pacing.get_usage(realm + "another"), pacing.Usage(0, 490, 0))

	def test_without_redis_nobody_knows_the_number(self):
		before = frappe.conf.redis_cache
		with settings_of(requests_per_minute=490):
			frappe.conf.redis_cache = "redis://127.0.0.1:1"
			try:
				self.assertEqual(pacing.get_usage("a realm"), pacing.Usage(None, 490, None))
				with pacing.make_pacer("a realm")():
					pass
			finally:
				frappe.conf.redis_cache = before

	def test_no_pace_where_none_is_set(self):
		with settings_of(requests_per_minute=0):
			self.assertIsNone(pacing.make_pacer("a realm"))
			self.assertIsNone(pacing.get_usage("a realm"))


class TestBounds(IntegrationTestCase):
	def test_with_a_real_company_no_pace_above_intuits_is_taken(self):
		for fieldname, value in (
			("requests_per_minute", 491),
			("requests_per_minute", 0),
			("requests_per_second", 9),
			("requests_at_once", 9),
			("senders", 17),
		):
			settings = frappe.get_doc(SETTINGS)
			settings.update(
				{
					"environment": "Sandbox",
					"requests_per_minute": 490,
					"request_timeout": 130,
					"silence_wait": 120,
					fieldname: value,
				}
			)
			with (
				self.subTest(fieldname=fieldname),
				self.assertRaisesRegex(frappe.ValidationError, "between 1"),
			):
				settings.validate()

	def test_what_was_never_set_gets_its_default(self):
		settings = frappe.get_doc(SETTINGS)
		settings.update({"environment": "Sandbox", "requests_per_minute": 490, "silence_wait": 120})
		settings.update({"requests_per_second": None, "requests_at_once": None, "senders": None})
		settings.validate()
		self.assertEqual(
			(settings.requests_per_second, settings.requests_at_once, settings.senders), (8, 8, 6)
		)
