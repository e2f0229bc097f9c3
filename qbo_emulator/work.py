"""One request's work on a company: what rules need to look up, in one place."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from qbo_emulator.clock import Clock
from qbo_emulator.company import Company
from qbo_emulator.faults import Fault, refuse_missing
from qbo_emulator.store import Id, Row, Store, parse_id

REFERENCE_WORDS = {
	"Account": "Accounts",
	"Customer": "Names",
	"Vendor": "Names",
	"Employee": "Names",
	"Class": "Klasses",
	"Department": "Departments",
	"Item": "Item",
}
"""What fault 2500 calls a kind of record: "Names element id 12 not found"."""


def load_body(text: str) -> dict[str, Any]:
	"""Return a stored body with its numbers as Decimal."""
	return json.loads(text, parse_float=Decimal, parse_int=Decimal)


@dataclass
class StockChange:
	"""What a transaction moves of inventory now (``stock.Move``), and whether it may have moved something before."""

	day: str
	moves: list[Any]
	replaces: bool


@dataclass
class Work:
	"""The company, the moment, the request's ``include=`` words, and the inventory moves not costed yet."""

	store: Store
	company: Company
	clock: Clock
	include: frozenset[str] = frozenset()
	now: float = field(init=False)
	stock_changes: dict[tuple[str, Id], StockChange] = field(default_factory=dict)

	def __post_init__(self) -> None:
		self.now = self.clock.now()

	@property
	def today(self) -> str:
		return self.clock.today(self.company.zone).isoformat()

	def get(self, entity: str, identifier: Any) -> Row | None:
		return self.store.get(self.company.key, entity, parse_id(identifier))

	def require(self, entity: str, reference: dict[str, str], element: str) -> tuple[Row, dict[str, Any]]:
		"""Return the referred record's row and body. Raises 2500 when there is none, 610 when it is inactive."""
		row = self.get(entity, reference["value"])
		if row is None:
			word = REFERENCE_WORDS.get(entity, entity)
			detail = f"Invalid Reference Id : {word} element id {reference['value']} not found"
			raise Fault("2500", detail, element)
		if not row.active:
			raise Fault("610", element=element)
		return row, load_body(row.body)

	def refer(
		self, entity: str, reference: dict[str, str], element: str, name_field: str = "Name"
	) -> dict[str, str]:
		"""Return a checked reference with the record's own name."""
		_row, body = self.require(entity, reference, element)
		return {"value": str(reference["value"]), "name": body[name_field]}

	def check_period(self, *days: str | None) -> None:
		"""Raise 6200 (or 6210, with a closing password) when a date lies in the closed period."""
		closed = self.company.get_preference("AccountingInfoPrefs", "BookCloseDate")
		if not closed:
			return
		for day in days:
			if day and day <= str(closed)[:10]:
				raise Fault(
					"6210" if self.company.definition.get("closing_password") else "6200", element="TxnDate"
				)


def require_field(document: dict[str, Any], name: str) -> Any:
	"""Return a property that must be there; raises 2020 when it is not."""
	if name not in document:
		raise refuse_missing(name)
	return document[name]


def add_days(day: str, days: int) -> str:
	"""Return the ISO date ``days`` later; the calendar's end is as far as it goes."""
	try:
		return date.fromordinal(date.fromisoformat(day).toordinal() + days).isoformat()
	except (OverflowError, ValueError):
		return date.max.isoformat()
