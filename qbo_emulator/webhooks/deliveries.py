"""Reads the notifications that are kept, for the control API and the page."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
	from qbo_emulator.company import Company
	from qbo_emulator.emulator import Emulator


def list_deliveries(
	emulator: Emulator, company: Company, client_id: str | None = None
) -> list[dict[str, Any]]:
	"""Return the kept notifications of a company, oldest first."""
	rows = emulator.store.execute(
		"SELECT key, client_id, body, created, next_at, tried, attempts, acknowledged FROM webhook_delivery"
		" WHERE company = ? AND (? IS NULL OR client_id = ?) ORDER BY key",
		(company.key, client_id, client_id),
	)
	return [
		{
			"key": row[0],
			"client_id": row[1],
			"body": row[2],
			"created": row[3],
			"state": "waiting" if row[7] is None else "acknowledged",
			"next_at": row[4] if row[7] is None else None,
			"tried": row[5],
			"attempts": json.loads(row[6]),
			"acknowledged": row[7],
		}
		for row in rows
	]
