"""The emulator without HTTP: its state file, clock, companies, and what is counted beside them."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from typing import Any

from qbo_emulator.auth import Auth
from qbo_emulator.clock import Clock, format_stamp, format_time
from qbo_emulator.company import Company
from qbo_emulator.downloads import Downloads
from qbo_emulator.journal import Journal
from qbo_emulator.knobs import Knobs, check_changes
from qbo_emulator.loader import load_company
from qbo_emulator.replay import Replays
from qbo_emulator.rules import Rules
from qbo_emulator.store import Change, Id, Store
from qbo_emulator.throttle import Throttle
from qbo_emulator.webhooks.apps import WebhookApps
from qbo_emulator.webhooks.events import record_events
from qbo_emulator.work import Work

COMPANY_TABLES = (
	"sequence", "object", "object_past", "tombstone", "taken_name", "posting", "link", "stock_move", "stock_layer",
	"stock_item", "reply", "file", "webhook_event", "webhook_delivery",
)  # fmt: skip


class Emulator:
	"""Everything that one process serves."""

	def __init__(self, state_path: str) -> None:
		self.store = Store(state_path)
		self.clock = Clock(float(self.store.get_meta("clock_offset", "0")), self._save_clock_offset)
		self.auth = Auth(self.store, self.clock)
		self.downloads = Downloads(self.store, self.clock)
		self.journal = Journal()
		self.replays = Replays()
		self.companies: dict[str, Company] = {}
		self.rules: dict[str, Rules] = {}
		self.throttles: dict[str, Throttle] = {}
		self.start_knobs: dict[str, Any] = {}
		self.start_faults: list[Any] = []
		self.webhook_apps = WebhookApps(self.store)
		self.webhooks_anywhere = False
		self.wake_sender: Callable[[], None] = lambda: None
		self.store.before_commit = self._follow_changes
		self._open_stored_companies()

	def _save_clock_offset(self, offset: float) -> None:
		self.store.set_meta("clock_offset", repr(offset))
		self.wake_sender()

	def find_company(self, key: int) -> Company | None:
		"""Return the open company of a key in the state file."""
		return next((company for company in self.companies.values() if company.key == key), None)

	def _follow_changes(self, changes: list[Change], moved: set[tuple[int, str, Id]]) -> None:
		"""Do what follows from the changes of a transaction, within it: bump times, note events for webhooks."""
		now = self.clock.now()
		changed = {(change.company, change.entity, change.id) for change in changes}
		for key, entity, identifier in moved - changed:
			company = self.find_company(key)
			if company is not None and company.knobs["own_writes_bump_parties"]:
				self.store.touch(key, entity, identifier, now, format_stamp(now, company.zone))
		if self.webhook_apps.apps:
			companies = {company.key: company for company in self.companies.values()}
			if record_events(self.store, self.webhook_apps, companies, changes, now):
				self.wake_sender()

	def _open_stored_companies(self) -> None:
		for key, realm, definition, knobs in self.store.execute(
			"SELECT key, realm, definition, knobs FROM company"
		):
			self._attach(Company(self.store, key, realm, json.loads(definition), Knobs(json.loads(knobs))))

	def _attach(self, company: Company) -> None:
		company.load_preferences()
		self.companies[company.realm] = company
		rules = self.rules[company.realm] = Rules()
		rules.chances.reseed(company.knobs["latency_seed"])
		self.order_start_faults(company)
		self.throttles.setdefault(company.realm, Throttle())
		self.auth.apps.update(
			{app["client_id"]: app["client_secret"] for app in company.definition.get("apps", [])}
		)
		self._note_lag()

	def order_start_faults(self, company: Company) -> None:
		"""Order what shall go wrong from the start. Raises ValueError with a sentence for a bad order."""
		for order in self.start_faults:
			self.rules[company.realm].add(order, self.clock.now())

	def _note_lag(self) -> None:
		self.store.keep_past = any(company.knobs["query_lag_ms"] for company in self.companies.values())
		if not self.store.keep_past:
			self.store.execute("DELETE FROM object_past")

	def add_company(self, definition: dict[str, Any], realm: str | None = None) -> Company:
		"""Open a company: the stored one if the state file has its realm, else a new one of the definition."""
		realm = realm or str(definition["realm_id"])
		if realm not in self.companies:
			with self.store.transaction():
				company = load_company(
					self.store, definition, realm, Knobs(definition.get("knobs", {})), self.clock
				)
			self._attach(company)
		return self.companies[realm]

	def change_knobs(self, company: Company, changes: dict[str, Any]) -> dict[str, Any]:
		"""Turn knobs. Raises ValueError with a sentence for an unknown knob or a bad value."""
		check_changes(changes)
		with self.store.transaction():
			values = company.change_knobs(changes, self.clock.now())
		self.wake_sender()
		if "latency_seed" in changes:
			self.rules[company.realm].chances.reseed(company.knobs["latency_seed"])
		self._note_lag()
		return values

	def reset(self, realm: str, keep_knobs: bool = False) -> Company:
		"""Make a company as new: records, books, journal, faults and counters; its tokens stay good."""
		old = self.companies.pop(realm)
		with self.store.transaction():
			for table in COMPANY_TABLES:
				self.store.execute(f"DELETE FROM {table} WHERE company = ?", (old.key,))
			self.store.execute("DELETE FROM company WHERE key = ?", (old.key,))
			knobs = old.get_all_knobs() if keep_knobs else {}
			company = load_company(
				self.store,
				old.definition,
				realm,
				Knobs({**old.definition.get("knobs", {}), **knobs}),
				self.clock,
			)
			changes = {**self.start_knobs, **{name: value for name, value in knobs.items()}}
			if changes:
				company.change_knobs(changes, self.clock.now())
		self.throttles[realm] = Throttle()
		self.journal.clear(realm)
		self._attach(company)
		return company

	def start_work(self, company: Company, include: frozenset[str] = frozenset()) -> Work:
		return Work(self.store, company, self.clock, include)

	def stamp(self, company: Company) -> str:
		"""Return the envelope's time."""
		return format_time(self.clock.now(), company.zone)

	def make_tid(self) -> str:
		"""Return a value for the header ``intuit_tid``."""
		number = secrets.token_hex(12)
		return f"1-{int(self.clock.now()):08x}-{number}"

	def close(self) -> None:
		self.store.close()
