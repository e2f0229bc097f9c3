"""Telling an item's history anew after a back-dated or cancelled document: in the background, and nothing is edited.

The document itself was valued as if it came at the end. Here the item is replayed in the order of its dates, and where an
entry then is worth something else, an entry of kind Revaluation says so, under the document it belongs to. What is worth
what the same document's issues cost (a work order's product) follows, item after item.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

import frappe
from frappe.query_builder.functions import Sum
from frappe.utils import getdate

from allorders_qb import jobs
from allorders_qb.money import to_decimal
from allorders_qb.stock.entries import ENTRY, insert_entries
from allorders_qb.stock.layers import (
	ItemStock,
	from_cents,
	lock_items,
	lock_row,
	replace_layers,
	save_items,
	to_cents,
)
from allorders_qb.stock.movements import RETURN, REVALUATION, TRANSFER
from allorders_qb.stock.quantities import QUANTITY_PLACES
from allorders_qb.stock.rows import make_name, make_standard_values
from allorders_qb.stock.valuation import ZERO, Move, Replay, Sharing

JOB = "allorders_qb.stock.recosting.recost_due_items"
JOB_IDS = ("allorders_recosting", "allorders_recosting_next")
JOB_TIMEOUT = 3600


@dataclass(frozen=True)
class Change:
	"""An entry that is worth something else than was thought: signed cents before and after."""

	entry: frappe._dict
	before: int
	after: int

	@property
	def difference(self) -> int:
		return self.after - self.before


def recost_after_commit() -> None:
	"""Have the items that are due recosted once the running transaction is committed."""
	jobs.wake_after_commit("allorders_recosting_registered", wake_recosting)


def wake_recosting() -> bool:
	"""Enqueue the recosting of items that are due; whether Redis took it."""
	return jobs.ask_redis(lambda: jobs.enqueue_first_free(JOB, JOB_IDS, "long", JOB_TIMEOUT))


def sweep_recosting() -> None:
	"""Every minute: wake a worker where an item is still to be recosted."""
	if list_due_items():
		wake_recosting()


def list_due_items() -> list[str]:
	"""Return the items whose history has to be told anew."""
	return frappe.get_all(
		"AO Item Stock", filters={"recost_from": ("is", "set")}, pluck="item", order_by="recost_from, item"
	)


def recost_due_items() -> int:
	"""Recost every item that is due, each in a transaction of its own; how many. Commits."""
	done = 0
	while due := list_due_items():
		# What is read after the lock must be what the last who held it has stored, not what stood there when it was looked for.
		frappe.db.commit()  # nosemgrep: frappe-manual-commit
		recost_item(due[0])
		frappe.db.commit()  # nosemgrep: frappe-manual-commit  each item by itself, so that a long list never locks the warehouse
		done += 1
	return done


def recost_item(item: str) -> list[Change]:
	"""Replay one item, write what has changed as entries, put its layers right. Does not commit."""
	lock_row(item)
	held = lock_items({item: None})[item]
	entries = _read_history(item)
	replay = Replay().tell(_build_moves(entries, held))
	known = _sum_known(entries)
	changes = [
		Change(entry, known[entry.name], target)
		for entry in entries
		if (target := _find_target(entry, replay, known)) is not None and target != known[entry.name]
	]
	_add_revaluations(held, changes)
	replace_layers(
		held, replay.stock, {entry.name: (entry.posting_date, entry.sequence) for entry in entries}
	)
	held.row.recost_from = None
	save_items([held])
	_pass_on(changes)
	return changes


def _read_history(item: str) -> list[frappe._dict]:
	table = frappe.qb.DocType(ENTRY)
	return (
		frappe.qb.from_(table)
		.select(
			table.name, table.location, table.quantity_change, table.value_change, table.kind, table.posting_date,
			table.sequence, table.voucher_type, table.voucher_no, table.voucher_line, table.is_reversal,
			table.source_entry, table.is_derived, table.added_value,
		)
		.where((table.item == item) & (table.kind != TRANSFER))
		.orderby(table.posting_date, table.sequence)
		.run(as_dict=True)
	)  # fmt: skip


def _is_correction(entry: frappe._dict) -> bool:
	"""Whether an entry only says that another one's value has turned out otherwise."""
	return entry.kind == REVALUATION


def _list_undone(entries: Iterable[frappe._dict]) -> set[str]:
	"""Return the names of reversed entries and of their reversals: together they are nothing."""
	undone = set()
	for entry in entries:
		if entry.is_reversal:
			undone |= {entry.name, entry.source_entry}
	return undone


def _build_moves(entries: list[frappe._dict], held: ItemStock) -> Iterable[Move]:
	undone = _list_undone(entries)
	costs = _read_derived_costs(entries)
	purchase_cost = (Decimal(1), to_cents(frappe.db.get_value("AO Item", held.item, "purchase_cost")))
	for entry in entries:
		if entry.name in undone or _is_correction(entry):
			continue
		quantity = to_decimal(entry.quantity_change, QUANTITY_PLACES)
		if quantity < ZERO:
			yield Move(entry.name, quantity, takes=entry.source_entry or None, fallback=purchase_cost)
		elif entry.kind == RETURN:
			yield Move(entry.name, quantity, return_of=entry.source_entry)
		elif quantity > ZERO and entry.is_derived:
			yield Move(entry.name, quantity, costs[entry.name])
		elif entry.source_entry:
			yield Move(entry.name, quantity, to_cents(entry.added_value), value_of=entry.source_entry)
		else:
			yield Move(entry.name, quantity, to_cents(entry.value_change))


def _read_derived_costs(entries: list[frappe._dict]) -> dict[str, int]:
	"""Return by entry, in cents, what this item bears of the cost of the documents whose product it is."""
	vouchers = sorted({entry.voucher_no for entry in entries if entry.is_derived})
	if not vouchers:
		return {}
	types = sorted({entry.voucher_type for entry in entries if entry.is_derived})
	table = frappe.qb.DocType(ENTRY)
	of_these = table.voucher_type.isin(types) & table.voucher_no.isin(vouchers)
	issued = (
		frappe.qb.from_(table)
		.select(table.voucher_no, Sum(table.value_change).as_("value"))
		.where(of_these & (table.is_derived == 0) & (table.is_reversal == 0))
		.where((table.quantity_change < 0) | (table.kind == REVALUATION))
		.groupby(table.voucher_no)
		.orderby(table.voucher_no)
		.run(as_dict=True)
	)
	products = (
		frappe.qb.from_(table)
		.select(table.name, table.voucher_no, table.added_value, table.cost_weight)
		.where(of_these & (table.is_derived == 1) & (table.quantity_change > 0))
		.orderby(table.voucher_no, table.idx)
		.run(as_dict=True)
	)
	costs = {row.voucher_no: -to_cents(row.value) for row in issued}
	sharings: dict[str, Sharing] = {}
	for product in products:
		sharing = sharings.setdefault(product.voucher_no, Sharing(costs.get(product.voucher_no, 0), ZERO))
		sharing.cents += to_cents(product.added_value)
		sharing.weight += to_decimal(product.cost_weight)
	return {
		product.name: sharings[product.voucher_no].take(to_decimal(product.cost_weight))
		for product in products
	}


def _sum_known(entries: list[frappe._dict]) -> dict[str, int]:
	"""Return what each entry is worth as the ledger says now, its corrections included."""
	known: dict[str, int] = defaultdict(int)
	for entry in entries:
		known[entry.source_entry if _is_correction(entry) else entry.name] += to_cents(entry.value_change)
	return known


def _find_target(entry: frappe._dict, replay: Replay, known: dict[str, int]) -> int | None:
	"""Return what an entry should be worth in cents; None for one that has no worth of its own."""
	if _is_correction(entry):
		return None
	if entry.is_reversal:
		return -known[entry.source_entry]
	return replay.cents.get(entry.name, known[entry.name])


def _add_revaluations(held: ItemStock, changes: list[Change]) -> None:
	rows = []
	for change in changes:
		entry, name = change.entry, make_name()
		held.cents_change += change.difference
		rows.append((
			*make_standard_values(name), held.item, entry.location, 0.0, float(from_cents(change.difference)), REVALUATION,
			entry.posting_date, held.take_sequence(), entry.voucher_type, entry.voucher_no, entry.voucher_line, 0, entry.name,
			entry.is_derived, 0.0, 0.0,
		))  # fmt: skip
	insert_entries(rows)


def _pass_on(changes: list[Change]) -> None:
	"""Have the products recosted whose documents' components are worth something else now."""
	issues = [change.entry for change in changes if change.entry.quantity_change < 0]
	if not issues:
		return
	products = frappe.get_all(
		ENTRY,
		filters={
			"voucher_type": ("in", sorted({entry.voucher_type for entry in issues})),
			"voucher_no": ("in", sorted({entry.voucher_no for entry in issues})),
			"is_derived": 1,
		},
		fields=["item", "posting_date"],
		order_by="item",
	)
	for product in products:
		day = getdate(product.posting_date)
		due = frappe.db.get_value(
			"AO Item Stock", {"item": product.item}, ["name", "recost_from"], as_dict=True
		)
		frappe.db.set_value(
			"AO Item Stock",
			due.name,
			"recost_from",
			min(due.recost_from or day, day),
			update_modified=False,
		)
