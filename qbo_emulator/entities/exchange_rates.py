"""ExchangeRate: home units for one unit of a currency on a day. It has no Id: currency and day name it."""

from __future__ import annotations

from typing import Any

from qbo_emulator.entities.base import Column, Entity
from qbo_emulator.faults import Fault, refuse_business
from qbo_emulator.fields import COMMON, Day, Number, ReadOnly, Struct, Text
from qbo_emulator.store import Row
from qbo_emulator.work import Work, require_field


class ExchangeRate(Entity):
	name = sequence = "ExchangeRate"
	operations = frozenset({"query", "create", "update"})
	renders = True
	schema = Struct(
		**{**COMMON, "Id": ReadOnly()},
		SourceCurrencyCode=Text(3),
		TargetCurrencyCode=Text(3),
		AsOfDate=Day(),
		Rate=Number(),
		CustomField=ReadOnly(),
	)
	columns = {
		"SourceCurrencyCode": Column("name", "text"),
		"AsOfDate": Column("txn_date", "date"),
		"LastUpdatedTime": Column("updated", "stamp"),
	}

	def prepare(self, work: Work, sent: dict[str, Any], previous: dict[str, Any] | None) -> dict[str, Any]:
		home = work.company.home_currency
		if not work.company.get_preference("CurrencyPrefs", "MultiCurrencyEnabled"):
			raise refuse_business("Multicurrency is off in this company", "SourceCurrencyCode")
		source = str(require_field(sent, "SourceCurrencyCode")).upper()
		target = sent.get("TargetCurrencyCode", home).upper()
		if target != home or source == home:
			raise refuse_business(f"Rates lead from a foreign currency to {home}", "TargetCurrencyCode")
		if require_field(sent, "Rate") <= 0:
			raise Fault("2070", "Rate must be greater than 0", "Rate")
		return {
			"SourceCurrencyCode": source,
			"TargetCurrencyCode": target,
			"Rate": sent["Rate"],
			"AsOfDate": sent.get("AsOfDate") or work.today,
		}

	def find_by_key(self, work: Work, cleaned: dict[str, Any]) -> Row | None:
		found = work.store.find(
			work.company.key,
			self.name,
			"name = ? AND txn_date = ?",
			(cleaned.get("SourceCurrencyCode", "").upper(), cleaned.get("AsOfDate") or work.today),
		)
		return found[0] if found else None

	def find_rate(self, work: Work, source: str, day: str | None) -> Row:
		"""Return the newest rate up to a day (default today). Raises 2020 without a currency, 610 without a rate."""
		if not source:
			raise Fault("2020", "Required parameter sourcecurrencycode is missing in the request")
		day = self.schema.fields["AsOfDate"].read(day, "asofdate") if day else work.today
		found = work.store.find(
			work.company.key, self.name, "name = ? AND txn_date <= ?", (source.upper(), day)
		)
		if not found:
			raise Fault("610", f"Object Not Found : there is no exchange rate for {source[:10]} on {day}.")
		return max(found, key=lambda row: row.txn_date or "")

	def build_columns(self, document: dict[str, Any]) -> dict[str, Any]:
		return {"name": document["SourceCurrencyCode"], "txn_date": document["AsOfDate"]}

	def render(self, row: Row, document: dict[str, Any]) -> dict[str, Any]:
		del document["Id"]
		document["MetaData"] = {"LastUpdatedTime": document["MetaData"]["LastUpdatedTime"]}
		return document
