"""One company: its place in the state file, its knobs and its preferences."""

from __future__ import annotations

import json
from typing import Any
from zoneinfo import ZoneInfo

from qbo_emulator.company_file import CompanyFileError
from qbo_emulator.knobs import PREFERENCE_KNOBS, Knobs, check_changes, nest
from qbo_emulator.store import Store

DUPLICATE_WARNING = "WarnDuplicateInvoiceNumber"


class Company:
	"""A company that is open. ``preferences`` is a cache of the stored Preferences record."""

	def __init__(self, store: Store, key: int, realm: str, definition: dict[str, Any], knobs: Knobs) -> None:
		self.store = store
		self.key = key
		self.realm = realm
		self.definition = definition
		self.knobs = knobs
		self.zone = ZoneInfo(definition.get("time_zone", "America/Los_Angeles"))
		self.preferences: dict[str, Any] = {}

	@property
	def name(self) -> str:
		return self.definition["company_info"].get("CompanyName", self.realm)

	@property
	def home_currency(self) -> str:
		return self.get_preference("CurrencyPrefs", "HomeCurrency", {}).get("value", "USD")

	@property
	def country(self) -> str:
		return self.definition["company_info"].get("Country", "US")

	@property
	def uses_global_tax(self) -> bool:
		"""Return whether tax is that of companies outside the US: a tax code for every line."""
		return self.country != "US"

	@property
	def uses_payroll(self) -> bool:
		pairs = self.definition["company_info"].get("NameValue", [])
		return any(pair["Name"] == "PayrollFeature" and pair["Value"] == "true" for pair in pairs)

	def get_preference(self, group: str, name: str, default: Any = None) -> Any:
		return self.preferences.get(group, {}).get(name, default)

	def get_role(self, role: str) -> int:
		"""Return the Id of the account that plays a role; raises CompanyFileError when the file names none."""
		try:
			return int(self.definition["account_roles"][role])
		except KeyError:
			raise CompanyFileError(f"The company file of {self.realm} names no account for {role}.") from None

	def load_preferences(self) -> None:
		"""Fill the cache from the state file."""
		row = self.store.get(self.key, "Preferences", 1)
		self.preferences = json.loads(row.body) if row else {}

	def get_all_knobs(self) -> dict[str, Any]:
		"""Return every knob's value by flat name, those that are preferences included."""
		values = dict(self.knobs.values)
		values["custom_txn_numbers"] = bool(self.get_preference("SalesFormsPrefs", "CustomTxnNumbers"))
		values["warn_duplicate_numbers"] = self.warns_of_duplicate_numbers()
		return values

	def warns_of_duplicate_numbers(self) -> bool:
		return self.warns_of(DUPLICATE_WARNING)

	def warns_of(self, warning: str) -> bool:
		"""Return whether a warning of Preferences.OtherPrefs is on; one that is not listed is."""
		for pair in self.get_preference("OtherPrefs", "NameValue", []):
			if pair.get("Name") == warning:
				return pair.get("Value") == "true"
		return True

	def change_knobs(self, changes: dict[str, Any], now: float) -> dict[str, Any]:
		"""Apply changes (flat or nested names) and store them. Returns all knobs, nested. Raises ValueError."""
		cleaned = check_changes(changes)
		preference_changes = {}
		for name, value in cleaned.items():
			if name in PREFERENCE_KNOBS:
				preference_changes[name] = value
			else:
				self.knobs.change(name, value)
		if preference_changes:
			self._change_preference_knobs(preference_changes, now)
		self.store.execute("UPDATE company SET knobs = ? WHERE key = ?", (self.knobs.dump(), self.key))
		return nest(self.get_all_knobs())

	def _change_preference_knobs(self, changes: dict[str, bool], now: float) -> None:
		patch: dict[str, Any] = {}
		if "custom_txn_numbers" in changes:
			patch["SalesFormsPrefs"] = {"CustomTxnNumbers": changes["custom_txn_numbers"]}
		if "warn_duplicate_numbers" in changes:
			pairs = [
				pair
				for pair in self.get_preference("OtherPrefs", "NameValue", [])
				if pair["Name"] != DUPLICATE_WARNING
			]
			flag = "true" if changes["warn_duplicate_numbers"] else "false"
			patch["OtherPrefs"] = {"NameValue": [*pairs, {"Name": DUPLICATE_WARNING, "Value": flag}]}
		self.patch_preferences(patch, now)

	def patch_preferences(self, patch: dict[str, dict[str, Any]], now: float) -> dict[str, Any]:
		"""Merge groups of preferences, as the company's owner would in the settings. A value of None removes.

		Returns the new Preferences. Raises ValueError when a group is not an object.
		"""
		row = self.store.get(self.key, "Preferences", 1)
		assert row is not None
		merged = json.loads(row.body)
		for group, values in patch.items():
			if not isinstance(values, dict):
				raise ValueError(f"Preferences are grouped: send {{{group!r}: {{name: value}}}}.")
			target = merged.setdefault(group, {})
			target.update(values)
			merged[group] = {name: value for name, value in target.items() if value is not None}
		row.sync_token += 1
		merged["SyncToken"] = str(row.sync_token)
		row.updated = int(now)
		row.written = now
		row.body = json.dumps(merged, ensure_ascii=False)
		self.store.replace(row)
		self.preferences = merged
		return merged
