"""Linking many pairs at once: both sides' records and what hangs on them are read in a few statements, and the links written in one.

Only a record that QuickBooks changes is saved. Whatever is more than that (a link or a conflict that is there already, a
difference for a person, another name) is given back, for the ordinary way to deal with.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

import frappe

from allorders_qb.mapping.merge import Merged
from allorders_qb.sync.links import LINK, insert_links, load_object, make_link
from allorders_qb.sync.lists import bulk, changing, conflicts
from allorders_qb.sync.lists.agreement import compare, dump_agreed, save_taken, take_values, taking_over
from allorders_qb.sync.lists.definitions import ListDefinition
from allorders_qb.sync.lists.saving import queue_rest
from allorders_qb.sync.payloads import Surroundings
from allorders_qb.sync.registry import LIST_ROLE

SAVEPOINT = "quickbooks_linking"
SAVEPOINT_OF_ONE = "quickbooks_linking_one"

Row = frappe._dict
"""Of QuickBooks Match: ``record``, ``quickbooks_id``, ``snapshot``, ``level``, ``decided_by``."""


@dataclass
class Linked:
	"""What became of some pairs: those that were linked, those to be linked one by one, and those whose record is gone."""

	linked: list[Row] = field(default_factory=list)
	left: list[Row] = field(default_factory=list)
	gone: list[Row] = field(default_factory=list)


@dataclass(frozen=True)
class Pair:
	"""Two records that agree, once ``doc`` (ours, with QuickBooks' values in it) is saved where that ``changes`` it."""

	row: Row
	record: changing.Record
	doc: Any
	remote: dict
	merged: Merged
	changes: bool


def link_pairs(definition: ListDefinition, rows: Iterable[Row], around: Surroundings) -> Linked:
	"""Link the pairs that have nothing but themselves to settle; ``rows`` are ordered by level, parents first.

	Locks all their records until the transaction ends. Does not commit.
	"""
	outcome = Linked()
	# Level by level: what stands below another is only read rightly once that one is linked.
	for _level, group in groupby(rows, key=lambda row: row.level):
		_link_level(definition, list(group), around, outcome)
	return outcome


def _link_level(definition: ListDefinition, rows: list[Row], around: Surroundings, outcome: Linked) -> None:
	records = changing.read_records(definition.doctype, [row.record for row in rows])
	names, ids = _list_settled(definition, rows, around.realm_id)
	pairs = []
	for row in rows:
		if row.record not in records:
			outcome.gone.append(row)
		elif row.record in names or row.quickbooks_id in ids:
			outcome.left.append(row)
		elif pair := _compare(definition, row, records[row.record], around):
			pairs.append(pair)
		else:
			outcome.left.append(row)
	frappe.db.savepoint(SAVEPOINT)
	try:
		with taking_over():
			linked = _save(pairs, around)
		insert_links([_make_link(definition, pair, around) for pair in linked])
	except Exception as error:
		if not frappe.db.is_duplicate_entry(error):
			raise
		# Somebody has just linked one of them.
		frappe.db.rollback(save_point=SAVEPOINT)
		linked = []
	done = {pair.row.name for pair in linked}
	outcome.linked += [pair.row for pair in linked]
	outcome.left += [pair.row for pair in pairs if pair.row.name not in done]
	for pair in linked:
		if pair.merged.pending:
			queue_rest(pair.doc)


def _list_settled(definition: ListDefinition, rows: list[Row], realm_id: str) -> tuple[set[str], set[str]]:
	"""Names of ours, and ids of theirs, of which something is known already."""
	doctype, wanted = definition.doctype, ("in", [row.record for row in rows])
	names = _pluck(LINK, "reference_name", reference_doctype=doctype, reference_name=wanted)
	names |= _pluck(conflicts.CONFLICT, "record", list_type=doctype, record=wanted)
	twins = {"realm_id": realm_id, "entity": definition.entity}
	twins["quickbooks_id"] = ("in", [row.quickbooks_id for row in rows])
	ids = _pluck(LINK, "quickbooks_id", **twins) | _pluck(conflicts.CONFLICT, "quickbooks_id", **twins)
	return names, ids


def _pluck(doctype: str, fieldname: str, **filters: Any) -> set[str]:
	return set(frappe.get_all(doctype, filters=filters, pluck=fieldname, order_by="creation"))


def _compare(
	definition: ListDefinition, row: Row, record: changing.Record, around: Surroundings
) -> Pair | None:
	"""What comes of a pair; None where it takes more than that. Writes nothing."""
	try:
		remote, doc = load_object(row.snapshot), changing.make_document(record)
		merged = compare(doc, remote, {}, around)
		if merged.conflicts or merged.reported or definition.name_field in merged.taken:
			return None
		return Pair(row, record, doc, remote, merged, take_values(doc, merged.taken, remote, around))
	except (frappe.QueryDeadlockError, frappe.QueryTimeoutError):
		raise
	except Exception:
		# One by one it meets the same trouble, which is told there.
		frappe.clear_last_message()
		return None


def _save(pairs: list[Pair], around: Surroundings) -> list[Pair]:
	"""Save our records where that changes them; the pairs without those that could not be saved."""
	changed = [pair for pair in pairs if pair.changes]
	if len(changed) < bulk.FEW:
		refused = {pair.row.name for pair in changed if not _save_one(pair, around)}
	else:
		refused = _save_many(changed)
	return [pair for pair in pairs if pair.row.name not in refused]


def _save_one(pair: Pair, around: Surroundings) -> bool:
	frappe.db.savepoint(SAVEPOINT_OF_ONE)
	try:
		doc = frappe.get_doc(pair.doc.doctype, pair.doc.name)
		save_taken(doc, pair.merged.taken, pair.remote, around)
		return True
	except (frappe.QueryDeadlockError, frappe.QueryTimeoutError):
		raise
	except Exception:
		frappe.db.rollback(save_point=SAVEPOINT_OF_ONE)
		frappe.clear_last_message()
		return False


def _save_many(pairs: list[Pair]) -> set[str]:
	"""Save them in a few statements; the names of the rows whose record was refused."""
	refused, changes = set(), []
	for pair in pairs:
		before = changing.make_document(pair.record)
		try:
			changing.check_change(pair.doc, before)
		except (frappe.QueryDeadlockError, frappe.QueryTimeoutError):
			raise
		except Exception:
			frappe.clear_last_message()
			refused.add(pair.row.name)
		else:
			changes.append((pair.doc, before))
	changing.write_changes(changes)
	return refused


def _make_link(definition: ListDefinition, pair: Pair, around: Surroundings) -> dict:
	return make_link(
		around.realm_id,
		pair.doc.doctype,
		pair.doc.name,
		LIST_ROLE,
		definition.entity,
		pair.remote,
		agreed=dump_agreed(pair.merged.agreed),
		linked_by=pair.row.decided_by,
	)
