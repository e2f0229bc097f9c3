"""For tests that need real commits: calls through REST, and two database connections at once.

Whatever such a test makes stays in the database, so its class tells `Traces` and leaves none behind.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from typing import Any

import frappe
from frappe.model import table_fields
from frappe.utils import get_test_client
from frappe.utils.password import set_encrypted_password

from allorders_qb.tests.utils import IntegrationTestCase, make_user

SECRET = "of-no-use-elsewhere"


class CommittingTestCase(IntegrationTestCase):
	"""A test whose records are committed, and removed when the class is done.

	Records are noticed by their creation: everything of ours that is newer than the class.
	"""

	@classmethod
	def setUpClass(cls) -> None:
		super().setUpClass()
		cls.before = {doctype: _list_names(doctype) for doctype in _list_doctypes()}
		cls.addClassCleanup(cls.remove_traces)

	@classmethod
	def remove_traces(cls) -> None:
		"""Delete every record of our DocTypes that was not there before."""
		frappe.db.rollback()
		for doctype, before in cls.before.items():
			for name in _list_names(doctype) - before:
				for df in frappe.get_meta(doctype).get("fields", {"fieldtype": ("in", table_fields)}):
					frappe.db.delete(df.options, {"parent": name, "parenttype": doctype})
				frappe.db.delete(doctype, {"name": name})
		frappe.db.commit()

	def commit(self) -> None:
		"""Let other connections see what the test has made."""
		frappe.db.commit()

	def call_api(self, roles: tuple[str, ...], method: str, path: str, **values: Any) -> tuple[int, dict]:
		"""Call the site's API as a user with these roles; return HTTP status and body."""
		user = make_user(*roles)
		frappe.db.set_value("User", user, "api_key", user, update_modified=False)
		set_encrypted_password("User", user, SECRET, "api_secret")
		self.commit()
		headers = {"Authorization": f"token {user}:{SECRET}", "X-Frappe-Site-Name": frappe.local.site}

		def send() -> tuple[int, dict]:
			answer = get_test_client(use_cookies=False).open(
				path, method=method, headers=headers, json=values
			)
			return answer.status_code, json.loads(answer.get_data(as_text=True) or "{}")

		result = run_in_thread(send)
		# What the call has changed is invisible to the snapshot this connection may still hold.
		frappe.db.rollback()
		return result


def read_api_message(body: dict) -> str:
	"""Return the sentences a client is shown."""
	messages = json.loads(body.get("_server_messages") or "[]")
	return " ".join(json.loads(message)["message"] for message in messages)


class OwnConnection(threading.Thread):
	"""Runs `action` on a database connection of its own, and commits; `outcome` is its result or its error."""

	def __init__(self, action: Callable[[], Any]):
		super().__init__(daemon=True)
		self.action = action
		self.outcome: Any = None
		self.site, self.sites_path = frappe.local.site, frappe.local.sites_path

	def run(self) -> None:
		frappe.init(site=self.site, sites_path=self.sites_path)
		frappe.connect()
		try:
			self.outcome = self.action()
			frappe.db.commit()
		except Exception as error:
			self.outcome = error
			frappe.db.rollback()
		finally:
			frappe.destroy()


def run_in_thread(action: Callable[[], Any]) -> Any:
	"""Run `action` where it cannot touch this thread's site and connection; return its result."""
	results: list[Any] = []
	thread = threading.Thread(target=lambda: results.append(action()))
	thread.start()
	thread.join()
	return results[0]


def _list_doctypes() -> list[str]:
	return frappe.get_all(
		"DocType",
		filters={"module": "AllOrders QB", "istable": 0, "issingle": 0},
		pluck="name",
		order_by="name asc",
	)


def _list_names(doctype: str) -> set[str]:
	return set(frappe.get_all(doctype, pluck="name", order_by="name asc"))
