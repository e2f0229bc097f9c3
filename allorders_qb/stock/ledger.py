"""The one writer of AO Stock Ledger Entry and AO Stock Balance.

Rows are only ever added: what was wrong is reversed by rows of its own. Balances change by `on_hand = on_hand + x`
in the database, so documents submitted at the same moment add up, whatever each of them had read before.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

import frappe
from frappe.utils import now
from pypika.terms import Values

from allorders_qb.money import to_decimal
from allorders_qb.stock.movements import Movement, Place, add_up_changes, find_shortages
from allorders_qb.stock.policy import judge_shortages
from allorders_qb.stock.quantities import QUANTITY_PLACES

# Ten characters, Frappe's usual, would meet each other in a ledger of a million rows.
NAME_LENGTH = 20
STANDARD_COLUMNS = ("name", "owner", "creation", "modified", "modified_by", "docstatus", "idx")


def record_movements(movements: Sequence[Movement]) -> None:
	"""Add movements to the ledger and to the balances, in the running transaction.

	Raises what `policy.judge_shortages` raises; the transaction then has to be rolled back.
	"""
	if not movements:
		return
	_add_entries(movements)
	changes = add_up_changes(movements)
	_move_balances(changes)
	judge_shortages(find_shortages(changes, read_balances(changes)))


def reverse_voucher(voucher_type: str, voucher_no: str) -> None:
	"""Add the opposite of every movement of a document, on the dates of the movements themselves."""
	rows = frappe.get_all(
		"AO Stock Ledger Entry",
		filters={"voucher_type": voucher_type, "voucher_no": voucher_no, "is_reversal": 0},
		fields=["item", "location", "quantity_change", "posting_date", "voucher_line"],
		order_by="name asc",
	)
	record_movements(
		[
			Movement(
				item=row.item,
				location=row.location,
				quantity=-to_decimal(row.quantity_change, QUANTITY_PLACES),
				posting_date=row.posting_date,
				voucher_type=voucher_type,
				voucher_no=voucher_no,
				voucher_line=row.voucher_line,
				is_reversal=True,
			)
			for row in rows
		]
	)


def read_balances(places: Mapping[Place, Decimal]) -> dict[Place, Decimal]:
	"""Return what is on hand at each (item, location), zero where nothing ever moved; one query."""
	if not places:
		return {}
	balance = frappe.qb.DocType("AO Stock Balance")
	rows = (
		frappe.qb.from_(balance)
		.select(balance.item, balance.location, balance.on_hand)
		.where(balance.item.isin(sorted({item for item, _location in places})))
		.where(balance.location.isin(sorted({location for _item, location in places})))
		.orderby(balance.item, balance.location)
	).run(as_dict=True)
	found = {(row.item, row.location): to_decimal(row.on_hand, QUANTITY_PLACES) for row in rows}
	return {place: found.get(place, Decimal(0)) for place in places}


def _add_entries(movements: Sequence[Movement]) -> None:
	rows = [
		(
			*_standard_values(),
			movement.item,
			movement.location,
			float(movement.quantity),
			movement.posting_date,
			movement.voucher_type,
			movement.voucher_no,
			movement.voucher_line,
			int(movement.is_reversal),
		)
		for movement in movements
	]
	columns = ("item", "location", "quantity_change", "posting_date")
	voucher_columns = ("voucher_type", "voucher_no", "voucher_line", "is_reversal")
	table = frappe.qb.DocType("AO Stock Ledger Entry")
	frappe.qb.into(table).columns(*STANDARD_COLUMNS, *columns, *voucher_columns).insert(*rows).run()


def _move_balances(changes: Mapping[Place, Decimal]) -> None:
	if not changes:
		return
	rows = [
		(*_standard_values(), item, location, float(change)) for (item, location), change in changes.items()
	]
	table = frappe.qb.DocType("AO Stock Balance")
	(
		frappe.qb.into(table)
		.columns(*STANDARD_COLUMNS, "item", "location", "on_hand")
		.insert(*rows)
		.on_duplicate_key_update(table.on_hand, table.on_hand + Values(table.on_hand))
		.on_duplicate_key_update(table.modified, Values(table.modified))
		.on_duplicate_key_update(table.modified_by, Values(table.modified_by))
	).run()


def _standard_values() -> tuple[str, str, str, str, str, int, int]:
	"""Return the values of STANDARD_COLUMNS for a new row."""
	user, moment = frappe.session.user, now()
	return (frappe.generate_hash(length=NAME_LENGTH), user, moment, moment, user, 0, 0)
