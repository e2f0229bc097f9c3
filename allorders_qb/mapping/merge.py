"""The three-way merge of a list record, field by field: what both agreed on, what ours says now, what theirs says now.

Pure. Nothing is overwritten in silence: where both sides changed a field, its owner decides, and where it has none a
person does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from allorders_qb.mapping.neutral import ListField, is_empty, is_same

WHOEVER = "Whoever Changed It"
ALL_ORDERS = "All Orders"
QUICKBOOKS = "QuickBooks"


@dataclass(frozen=True)
class Difference:
	"""A field that both sides changed, each in its own way; `base` is None where they never agreed on it."""

	fieldname: str
	base: str | None
	ours: str
	theirs: str


@dataclass(frozen=True)
class Merged:
	"""What comes of a merge.

	`taken`: values of QuickBooks' that our record takes. `agreed`: the new base of the next merge. `pending`: fields in
	which our record then differs from `agreed` and that are to be sent. `conflicts`: for a person; their fields are
	neither taken nor sent, and keep their old base. `reported`: changed in QuickBooks, told and not copied.
	"""

	taken: dict[str, str] = field(default_factory=dict)
	agreed: dict[str, str] = field(default_factory=dict)
	pending: frozenset[str] = frozenset()
	conflicts: tuple[Difference, ...] = ()
	reported: tuple[Difference, ...] = ()


def merge(
	fields: Iterable[ListField],
	base: Mapping[str, str],
	ours: Mapping[str, str],
	theirs: Mapping[str, str],
	owners: Mapping[str, str] | None = None,
) -> Merged:
	"""Return what comes of both sides' changes since `base` (neutral records; a field missing in `base` was never agreed on).

	`owners`: by field name, who decides where both changed it. What only one side changed is taken from that side.
	"""
	taken: dict[str, str] = {}
	agreed: dict[str, str] = {}
	pending: set[str] = set()
	conflicts: list[Difference] = []
	reported: list[Difference] = []
	for one in fields:
		name = one.fieldname
		before, mine, other = base.get(name), ours.get(name, ""), theirs.get(name, "")
		if one.reported:
			agreed[name] = other
			if before is not None and not is_same(one.kind, before, other):
				reported.append(Difference(name, before, mine, other))
			continue
		if one.silent and is_empty(one.kind, mine):
			agreed[name] = other
			if before is not None and not is_same(one.kind, before, other):
				taken[name] = other
			continue
		side = _decide(one.kind, before, mine, other, (owners or {}).get(name, WHOEVER))
		if side == QUICKBOOKS:
			agreed[name] = other
			if not is_same(one.kind, mine, other):
				taken[name] = other
		elif side == ALL_ORDERS:
			agreed[name] = other
			pending.add(name)
		else:
			if before is not None:
				agreed[name] = before
			conflicts.append(Difference(name, before, mine, other))
	return Merged(taken, agreed, frozenset(pending), tuple(conflicts), tuple(reported))


def _decide(kind: str, before: str | None, mine: str, other: str, owner: str) -> str | None:
	"""Return whose value stands, None where a person must say."""
	if is_same(kind, mine, other):
		return QUICKBOOKS
	if before is not None:
		if is_same(kind, other, before):
			return ALL_ORDERS
		if is_same(kind, mine, before):
			return QUICKBOOKS
	else:
		if is_empty(kind, mine):
			return QUICKBOOKS
		if is_empty(kind, other):
			return ALL_ORDERS
	return owner if owner in (ALL_ORDERS, QUICKBOOKS) else None
