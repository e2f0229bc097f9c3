"""Which record of QuickBooks is which of ours, before any of them are linked: proposals for a person to decide on.

Pure. The surest sign comes first (an earlier link, then the name, e-mail, SKU); what one sign has paired, a weaker one
leaves alone. Where a sign fits several records on either side nothing is proposed: all of them are candidates.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from allorders_qb.mapping.neutral import NAME, make_comparable
from allorders_qb.mapping.people import DELETED_SUFFIX

BY_ID = "Id"
BY_NAME = "Name"
BY_EMAIL = "E-mail"
BY_SKU = "SKU"

MAX_CANDIDATES = 20


@dataclass(frozen=True)
class Side:
	"""One record of either side. `key` tells it from the others of its side: QuickBooks' id, or our name.

	`path` is its name with those above it, `linked` the key of the other side's record that an earlier link names.
	"""

	key: str
	name: str
	path: str = ""
	email: str = ""
	sku: str = ""
	linked: str = ""


@dataclass(frozen=True)
class Proposal:
	"""What is known of one QuickBooks record: `ours` is the key of the one proposed ("" for none), `by` the sign.

	`candidates`: keys of ours that a sign fits as well as this or others of theirs, in order.
	"""

	ours: str = ""
	by: str = ""
	candidates: tuple[str, ...] = field(default=())


def propose(theirs: Sequence[Side], ours: Sequence[Side]) -> dict[str, Proposal]:
	"""Return, by QuickBooks id, what each record of theirs may be; each of ours is proposed for one of theirs at most.

	The order of the arguments makes no difference.
	"""
	proposals: dict[str, Proposal] = {}
	left_theirs = sorted(theirs, key=lambda side: side.key)
	left_ours = sorted(ours, key=lambda side: side.key)
	for by, read_theirs, read_ours in _SIGNS:
		mine = _group(left_ours, read_ours)
		other = _group(left_theirs, read_theirs)
		taken: set[str] = set()
		for sign, remotes in other.items():
			locals_ = mine.get(sign)
			if not locals_:
				continue
			if len(remotes) == len(locals_) == 1:
				proposals[remotes[0].key] = Proposal(locals_[0].key, by)
				taken.add(locals_[0].key)
			else:
				candidates = tuple(one.key for one in locals_)[:MAX_CANDIDATES]
				proposals.update({remote.key: Proposal("", by, candidates) for remote in remotes})
		# A candidate may still be the only one by a weaker sign, for another record; one that is paired may not.
		left_theirs = [remote for remote in left_theirs if remote.key not in proposals]
		left_ours = [one for one in left_ours if one.key not in taken]
	return {remote.key: proposals.get(remote.key, Proposal()) for remote in theirs}


def _group(sides: Iterable[Side], read: Callable[[Side], str]) -> dict[str, list[Side]]:
	groups: dict[str, list[Side]] = defaultdict(list)
	for side in sides:
		if sign := read(side):
			groups[sign].append(side)
	return groups


def fold(name: str) -> str:
	"""Return a name as it compares: neither case nor blanks count, nor what we send for a colon or a backslash."""
	return make_comparable(NAME, name.removesuffix(DELETED_SUFFIX)).casefold()


_SIGNS: tuple[tuple[str, Callable[[Side], str], Callable[[Side], str]], ...] = (
	(BY_ID, lambda side: side.key, lambda side: side.linked),
	(BY_NAME, lambda side: fold(side.path or side.name), lambda side: fold(side.path or side.name)),
	(BY_NAME, lambda side: fold(side.name), lambda side: fold(side.name)),
	(BY_EMAIL, lambda side: fold(side.email), lambda side: fold(side.email)),
	(BY_SKU, lambda side: fold(side.sku), lambda side: fold(side.sku)),
)
"""The sign, and how it reads on their side and on ours, the surest first."""
