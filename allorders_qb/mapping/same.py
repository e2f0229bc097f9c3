"""Whether a record in QuickBooks holds the values we sent: the test of whether it is ours after silence."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from allorders_qb.money import to_decimal

_MECHANICAL = frozenset({"Id", "SyncToken", "sparse", "domain", "MetaData"})


def same_values(payload: Mapping[str, Any], remote: Mapping[str, Any]) -> bool:
	"""Return whether everything the payload says stands in the remote object, whatever else that holds.

	Numbers compare as numbers, references by id, texts with white space made equal.
	"""
	return not list_differences(payload, remote)


def list_differences(payload: Mapping[str, Any], remote: Mapping[str, Any]) -> list[str]:
	"""Return the names of the top-level fields in which the remote object differs from the payload."""
	return [
		key for key, value in payload.items() if key not in _MECHANICAL and not _holds(value, remote.get(key))
	]


def _holds(ours: Any, theirs: Any) -> bool:
	if isinstance(ours, Mapping):
		if "value" in ours and isinstance(theirs, Mapping):
			# QuickBooks adds the name of what is referred to.
			return _holds(ours["value"], theirs.get("value"))
		return isinstance(theirs, Mapping) and all(
			_holds(value, theirs.get(key)) for key, value in ours.items()
		)
	if isinstance(ours, (list, tuple)):
		return (
			isinstance(theirs, (list, tuple))
			and len(ours) == len(theirs)
			and all(_holds(mine, other) for mine, other in zip(ours, theirs, strict=True))
		)
	if isinstance(ours, bool) or isinstance(theirs, bool):
		return bool(ours) == bool(theirs)
	if isinstance(ours, (Decimal, int, float)):
		try:
			return to_decimal(theirs) == to_decimal(ours)
		except (TypeError, ValueError):
			return False
	return _flatten(ours) == _flatten(theirs)


def _flatten(text: Any) -> str:
	return re.sub(r"\s+", " ", str(text or "")).strip()
