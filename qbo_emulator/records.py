"""Makes stored records of documents: the keys every entity carries, and the row that queries look at."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from qbo_emulator.clock import format_stamp
from qbo_emulator.store import Id, Row

ENVELOPE_KEYS = ("domain", "sparse", "Id", "SyncToken", "MetaData")


def dump_json(value: Any) -> str:
	"""Return JSON text; Decimals become numbers."""
	return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=convert_decimal)


def convert_decimal(value: Any) -> int | float:
	"""Return a Decimal as the number JSON shows: whole without a point, else with its decimals."""
	if isinstance(value, Decimal):
		return int(value) if value == value.to_integral_value() else float(value)
	raise TypeError(f"{type(value).__name__} is not JSON")


def build_row(
	company: int,
	zone: ZoneInfo,
	entity: str,
	identifier: Id,
	document: dict[str, Any],
	columns: dict[str, Any],
	now: float,
	previous: Row | None = None,
) -> Row:
	"""Return the row of a document: the next version of ``previous``, or a first one."""
	row = Row(
		company=company, entity=entity, id=identifier, sync_token=previous.sync_token + 1 if previous else 0,
		active=1, state=previous.state if previous else "", name=None, doc_number=None, txn_date=None, due_date=None,
		party=None, total=previous.total if previous else None, balance=previous.balance if previous else None,
		quantity=previous.quantity if previous else None, created=previous.created if previous else int(now),
		updated=int(now), written=now, body="",
	)  # fmt: skip
	for column, value in columns.items():
		setattr(row, column, value)
	body = {name: value for name, value in document.items() if name not in ENVELOPE_KEYS}
	body.update(
		domain="QBO",
		sparse=False,
		Id=str(identifier),
		SyncToken=str(row.sync_token),
		MetaData={
			"CreateTime": format_stamp(row.created, zone),
			"LastUpdatedTime": format_stamp(row.updated, zone),
		},
	)
	row.body = dump_json(body)
	return row
