"""A site connected to an emulated QuickBooks company, for the tests that prove what the books hold.

The emulator is a process of its own, reached over HTTP like the real service; its control interface says what it
holds and makes it misbehave.
"""

import json
import os
import re
import subprocess
import sys
import time
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import frappe
import requests
from frappe.utils import get_datetime

from allorders_qb.qbo.oauth import Tokens
from allorders_qb.sync import connecting, rows
from allorders_qb.sync.connection import CONNECTION, SETTINGS
from allorders_qb.sync.worker import drain

REPOSITORY = Path(frappe.get_app_path("allorders_qb")).parent
READY_SECONDS = 30
CLIENT_ID = "test-client"


class Company:
	"""One company of a running emulator: its knobs, its journal of requests, and its books."""

	def __init__(self, url: str, realm_id: str):
		self.url = url.rstrip("/")
		self.realm_id = realm_id

	def control(self, method: str, path: str, body: dict | None = None):
		answer = requests.request(method, f"{self.url}/_control/{path}", json=body, timeout=30)
		answer.raise_for_status()
		return answer.json() if answer.content else None

	def set_knobs(self, **knobs) -> None:
		"""Turn knobs; they stay until turned back."""
		self.control("PATCH", f"{self.realm_id}/knobs", knobs)

	def queue_fault(self, **fault) -> None:
		"""Have the next matching requests answered with a fault (``match``, ``times``, ``status``, ``body``…)."""
		self.control("POST", f"{self.realm_id}/faults", fault)

	def clear_faults(self) -> None:
		"""Order no more faults, and let the knobs be as they were."""
		self.control("DELETE", f"{self.realm_id}/faults")
		self.set_knobs(http_503_html=False, drop="none")

	def get_requests(self, **wanted) -> list[dict]:
		"""The journal of requests; ``wanted`` are fields that must match (``entity``, ``operation``, …)."""
		journal = self.control("GET", f"{self.realm_id}/requests")
		entries = journal["requests"] if isinstance(journal, dict) else journal
		return [entry for entry in entries if all(entry.get(key) == value for key, value in wanted.items())]

	def reset(self) -> None:
		"""An empty company with all knobs as they were."""
		self.control("POST", f"{self.realm_id}/reset")
		self.set_knobs(throttle={"enabled": False})

	def grant_tokens(self, client_id: str = "an observer") -> Tokens:
		"""Tokens without a browser; those of an app come from its own client id."""
		granted = self.control("POST", f"{self.realm_id}/tokens", {"client_id": client_id})
		return Tokens(
			granted["access_token"],
			granted["refresh_token"],
			int(granted["expires_in"]),
			int(granted["x_refresh_token_expires_in"]),
			None,
		)

	def query(self, statement: str) -> list[dict]:
		"""Ask the company's API directly, past the app."""
		token = self.grant_tokens().access_token
		answer = requests.get(
			f"{self.url}/v3/company/{self.realm_id}/query",
			params={"query": statement},
			headers={"Authorization": f"Bearer {token}", "Accept": "application/json"},
			timeout=30,
		)
		answer.raise_for_status()
		return next(
			(value for value in answer.json()["QueryResponse"].values() if isinstance(value, list)), []
		)

	def post(self, entity: str, body: dict, **params) -> dict:
		"""Write to the company directly, as a person in QuickBooks would."""
		token = self.grant_tokens().access_token
		answer = requests.post(
			f"{self.url}/v3/company/{self.realm_id}/{entity.lower()}",
			params=params,
			json=body,
			headers={"Authorization": f"Bearer {token}", "Accept": "application/json"},
			timeout=30,
		)
		answer.raise_for_status()
		return answer.json()[entity]

	def get_invoices(self) -> list[dict]:
		"""Every invoice the company holds."""
		return self.query("SELECT * FROM Invoice ORDER BY Id MAXRESULTS 1000")

	def get_balance(self, account: str) -> float:
		"""An account's balance in the trial balance, debit positive."""
		return self.get_balances().get(account, 0.0)

	def get_balances(self) -> dict[str, float]:
		"""The balances of all accounts in the trial balance, home currency, debit positive."""
		token = self.grant_tokens().access_token
		answer = requests.get(
			f"{self.url}/v3/company/{self.realm_id}/reports/TrialBalance",
			params={"start_date": "1900-01-01", "end_date": "2999-12-31"},
			headers={"Authorization": f"Bearer {token}", "Accept": "application/json"},
			timeout=30,
		)
		answer.raise_for_status()
		rows = (
			[column.get("value") for column in row.get("ColData", [])] for row in answer.json()["Rows"]["Row"]
		)
		return {columns[0]: float(columns[1] or 0) - float(columns[2] or 0) for columns in rows if columns}

	def write_as_user(self, entity: str, operation: str, body: dict) -> dict:
		"""What a person does in QuickBooks itself; updates are sparse, on the current version."""
		sent = {"entity": entity, "operation": operation, "body": body}
		return self.control("POST", f"{self.realm_id}/as_user", sent)


@contextmanager
def run_emulator(*arguments: str, company: str = "us_wholesaler"):
	"""An emulator process of a shipped company on a free port, ended afterwards; yields its ``Company``."""
	process = subprocess.Popen(
		[sys.executable, "-m", "qbo_emulator", "--port", "0", "--company", company, *arguments],
		cwd=REPOSITORY,
		stdout=subprocess.PIPE,
		stderr=subprocess.STDOUT,
		text=True,
		env={**os.environ, "PYTHONPATH": str(REPOSITORY), "PYTHONUNBUFFERED": "1"},
	)
	try:
		yield _read_ready(process)
	finally:
		process.terminate()
		process.wait(timeout=10)


def _read_ready(process: subprocess.Popen) -> Company:
	ends_at = time.monotonic() + READY_SECONDS
	said = []
	while time.monotonic() < ends_at:
		line = process.stdout.readline()
		if not line:
			break
		said.append(line)
		try:
			ready = json.loads(line)
		except ValueError:
			continue
		url = ready.get("url") or re.search(r"https?://[^\s\"]+", line).group(0)
		realm = ready.get("realm") or ready.get("realm_id") or ready["realms"][0]
		return Company(url, str(realm))
	raise RuntimeError("The emulator did not start:\n" + "".join(said))


def connect_site(company: Company, request_timeout: int = 5, silence_wait: int = 1) -> None:
	"""Bind the site to the company, with times short enough for tests, and read its lists."""
	frappe.set_user("Administrator")
	frappe.db.delete("QuickBooks Queue Entry")
	frappe.db.delete("QuickBooks Link")
	frappe.db.set_single_value(SETTINGS, "realm_id", None)
	settings = frappe.get_doc(SETTINGS)
	settings.update(
		{
			"environment": "Emulator",
			"emulator_url": company.url,
			"client_id": CLIENT_ID,
			"client_secret": "test-secret",
			"request_timeout": request_timeout,
			"silence_wait": silence_wait,
			"requests_per_minute": 0,
			# One after the other, so that a test can tell which request comes when.
			"senders": 1,
			"send_list_changes": 0,
			# Those of the company before may be gone with its lists.
			"default_income_account": None,
			"default_expense_account": None,
		}
	)
	for rule in settings.posting_rules:
		rule.rule = "On Submit"
	settings.save()
	connecting.bind_company(company.realm_id, company.grant_tokens(CLIENT_ID))
	connecting.read_company(company.realm_id)


def read_preferences_again() -> None:
	"""Have the next worker read the company's preferences, as after some hours."""
	frappe.db.set_value(CONNECTION, {"name": ("!=", "")}, "preferences_read_at", None)
	frappe.db.commit()


def let_time_pass(seconds: int) -> None:
	"""Move every waiting row, pause and lease that far into the past, as if the time had gone by."""
	frappe.db.commit()
	shift = timedelta(seconds=seconds)
	moments = {
		rows.QUEUE: ("lease_until", "next_attempt_at", "last_sent_at", "first_sent_at"),
		CONNECTION: ("paused_until", "run_lease_until"),
		"QuickBooks Sync Run": ("continue_at",),
	}
	for doctype, fields in moments.items():
		for row in frappe.get_all(doctype, fields=["name", *fields], order_by="name"):
			earlier = {field: get_datetime(row[field]) - shift for field in fields if row[field]}
			if earlier:
				frappe.db.set_value(doctype, row.name, earlier, update_modified=False)
	frappe.db.commit()


def work(rounds: int = 4, pass_seconds: int = 700) -> None:
	"""Let workers run until nothing moves any more, with time passing in between."""
	for _round in range(rounds):
		drain(60)
		frappe.db.commit()
		waiting = frappe.get_all(
			rows.QUEUE,
			filters={
				"status": ("in", (rows.QUEUED, rows.SENDING, rows.UNKNOWN)),
				"waits_for_synchronization": 0,
			},
			limit=1,
			order_by="creation",
		)
		if not waiting:
			return
		let_time_pass(pass_seconds)


def wait_until(condition, seconds: float = 20, message: str = "It did not happen in time"):
	"""Poll a condition; its value once it is true."""
	ends_at = time.monotonic() + seconds
	while time.monotonic() < ends_at:
		value = condition()
		if value:
			return value
		time.sleep(0.05)
	raise AssertionError(f"{message} ({seconds} s)")
