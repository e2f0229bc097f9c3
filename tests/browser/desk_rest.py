"""A user's REST session with the site: what a program could do with that user's password, and no more."""

import json
import re
from typing import Any

import requests

TIMEOUT_SECONDS = 60
CSRF_TOKEN = re.compile(r"csrf_token = \"([0-9a-f]+)\"")


class RestSession:
	"""Logged in with a cookie and its CSRF token, as the desk is."""

	def __init__(self, base_url: str, user: str, password: str):
		self.base_url = base_url
		self.http = requests.Session()
		self.http.headers["Accept"] = "application/json"
		self._ask("POST", "/api/method/login", {"usr": user, "pwd": password}).raise_for_status()
		page = self.http.get(f"{base_url}/app", headers={"Accept": "text/html"}, timeout=TIMEOUT_SECONDS)
		self.http.headers["X-Frappe-CSRF-Token"] = CSRF_TOKEN.search(page.text).group(1)

	def _ask(self, method: str, path: str, values: dict | None = None) -> requests.Response:
		return self.http.request(method, self.base_url + path, json=values, timeout=TIMEOUT_SECONDS)

	def post(self, method: str, **values: Any) -> requests.Response:
		"""Call a whitelisted method; the answer as it is, whatever its status."""
		return self._ask("POST", f"/api/method/{method}", values)

	def call(self, method: str, **values: Any) -> Any:
		"""Call a whitelisted method; its result. Raises AssertionError with Frappe's message when it refuses."""
		return _read(self.post(method, **values)).get("message")

	def insert(self, doctype: str, **values: Any) -> dict:
		"""Insert a document; the saved document."""
		return _read(self._ask("POST", f"/api/resource/{doctype}", values))["data"]

	def update(self, doctype: str, name: str, **values: Any) -> dict:
		"""Change fields of a document; the saved document."""
		return _read(self._ask("PUT", f"/api/resource/{doctype}/{name}", values))["data"]

	def get(self, doctype: str, name: str) -> dict:
		"""One document with its rows."""
		return _read(self._ask("GET", f"/api/resource/{doctype}/{name}"))["data"]

	def find(self, doctype: str, fields: list[str], **filters: Any) -> list[dict]:
		"""Documents that match, oldest first."""
		values = {"fields": fields, "filters": filters, "order_by": "creation asc", "limit_page_length": 0}
		parameters = {
			key: value if isinstance(value, str) else json.dumps(value) for key, value in values.items()
		}
		answer = self.http.get(
			f"{self.base_url}/api/resource/{doctype}", params=parameters, timeout=TIMEOUT_SECONDS
		)
		return _read(answer)["data"]

	def has(self, doctype: str, name: str) -> bool:
		"""Whether a document of that name exists."""
		return bool(self.find(doctype, ["name"], name=name))

	def submit(self, doctype: str, name: str) -> dict:
		"""Submit a draft; the submitted document."""
		return self.call("frappe.client.submit", doc=self.get(doctype, name))


def _read(answer: requests.Response) -> dict:
	if not answer.ok:
		raise AssertionError(
			f"{answer.request.method} {answer.url}: {answer.status_code} {answer.text[:2000]}"
		)
	return answer.json()
