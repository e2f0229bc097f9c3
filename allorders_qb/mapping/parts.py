"""A list record's payload in parts: each part builds the properties that a group of our fields becomes.

A new record is all its parts together. An update holds only the parts whose fields have changed, so that what another
person changed meanwhile in QuickBooks is left alone.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from allorders_qb.mapping.company import CompanyProfile
from allorders_qb.mapping.posting import References

READ_ONLY = frozenset(
	{
		"domain", "sparse", "status", "MetaData", "FullyQualifiedName", "Level", "Balance", "BalanceWithJobs",
		"OpenBalanceDate", "V4IDPseudonym", "ClientEntityId", "QtyOnHand", "ItemCategoryType", "Source",
	}
)  # fmt: skip
"""Properties of customers, vendors and items that QuickBooks computes: never sent back."""

UNCLEARABLE = frozenset({"TaxIdentifier"})
"""Properties that come masked: an object that holds one can't be sent back whole without destroying it."""


@dataclass(frozen=True)
class Around:
	"""What a part needs besides the record; `about` names the record in refusals."""

	references: References
	company: CompanyProfile
	about: str
	current: Mapping[str, Any] | None = None
	changed: frozenset[str] | None = None
	"""The fields that an update is about; None: all."""

	def is_about(self, fieldname: str) -> bool:
		return self.changed is None or fieldname in self.changed


@dataclass(frozen=True)
class Part:
	"""`build(record, around)` returns property -> value, None for a property that is to be empty."""

	fields: tuple[str, ...]
	build: Callable[[Any, Around], dict[str, Any]]


def build_new(parts: Iterable[Part], record: Any, around: Around) -> dict[str, Any]:
	"""Return all parts' properties without those that are empty: what creates the record."""
	return {
		name: value
		for part in parts
		for name, value in part.build(record, around).items()
		if value is not None
	}


def build_update(
	parts: Iterable[Part],
	record: Any,
	around: Around,
	current: Mapping[str, Any],
	changed: Collection[str] | None,
) -> dict[str, Any]:
	"""Return what updates `current` (the object as QuickBooks has it) in the `changed` fields; None: in all of them.

	Sparse. But QuickBooks does not promise that a sparse update empties a property: where one is to become empty, the
	whole object goes, as it is but for the changes; its SyncToken keeps it from undoing what anybody else did meanwhile.
	"""
	patch: dict[str, Any] = {}
	for part in parts:
		if changed is None or not set(part.fields).isdisjoint(changed):
			patch.update(part.build(record, around))
	kept = {name: value for name, value in patch.items() if value is not None}
	emptied = [name for name, value in patch.items() if value is None and current.get(name) not in (None, "")]
	heading = {"Id": current["Id"], "SyncToken": current["SyncToken"]}
	if not emptied:
		return {**kept, **heading, "sparse": True}
	if UNCLEARABLE.intersection(current):
		return {**kept, **dict.fromkeys(emptied, ""), **heading, "sparse": True}
	whole = {name: value for name, value in current.items() if name not in READ_ONLY and name not in emptied}
	return {**whole, **kept, **heading}
