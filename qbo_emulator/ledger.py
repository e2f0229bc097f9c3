"""The double-entry books. The only writer of postings; every set of postings sums to zero or is refused."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from qbo_emulator.money import from_cents, from_scaled_quantity
from qbo_emulator.store import Id, Store


class UnbalancedError(Exception):
	"""Debits and credits of a transaction differ: a mistake in the emulator itself, nothing is stored."""


@dataclass(frozen=True)
class Posting:
	"""One line in home currency: debit positive, credit negative.

	``quantity`` is scaled and for the reader only; ``move`` is the inventory move whose cost this is.
	"""

	account: int
	cents: int
	memo: str
	party: int | None = None
	item: int | None = None
	quantity: int | None = None
	move: int | None = None


def post(store: Store, company: int, entity: str, identifier: Id, day: str, postings: list[Posting]) -> None:
	"""Write a transaction's postings and move account totals. Raises UnbalancedError."""
	if sum(posting.cents for posting in postings) != 0:
		raise UnbalancedError(f"{entity} {identifier}: {postings}")
	for posting in postings:
		if posting.cents == 0 and not posting.quantity:
			continue
		store.execute(
			"INSERT INTO posting (company, entity, id, txn_date, account, cents, party, item, quantity, memo, move)"
			" VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
			(
				company, entity, identifier, day, posting.account, posting.cents, posting.party, posting.item,
				posting.quantity, posting.memo, posting.move,
			),
		)  # fmt: skip
		store.add_to_balance(company, "Account", posting.account, posting.cents)


def unpost(store: Store, company: int, entity: str, identifier: Id) -> None:
	"""Remove a transaction's postings and take back what they moved."""
	_remove(store, company, "company = ? AND entity = ? AND id = ?", (company, entity, identifier))


def unpost_own(store: Store, company: int, entity: str, identifier: Id) -> None:
	"""Remove a transaction's own postings; the cost of its inventory moves stays."""
	where = "company = ? AND entity = ? AND id = ? AND move IS NULL"
	_remove(store, company, where, (company, entity, identifier))


def unpost_move(store: Store, company: int, entity: str, identifier: Id, move: int) -> None:
	"""Remove the cost postings of one of a transaction's inventory moves."""
	where = "company = ? AND entity = ? AND id = ? AND move = ?"
	_remove(store, company, where, (company, entity, identifier, move))


def _remove(store: Store, company: int, where: str, values: tuple) -> None:
	rows = store.execute(f"SELECT account, cents FROM posting WHERE {where}", values).fetchall()
	for account, cents in rows:
		store.add_to_balance(company, "Account", account, -cents)
	store.execute(f"DELETE FROM posting WHERE {where}", values)


def get_totals(
	store: Store, company: int, start: str | None = None, end: str | None = None
) -> dict[int, int]:
	"""Return cents by account Id (debit positive), over all time or between two dates inclusive."""
	if start is None and end is None:
		rows = store.execute(
			"SELECT id, balance FROM object WHERE company = ? AND entity = 'Account' AND balance <> 0",
			(company,),
		)
	else:
		rows = store.execute(
			"SELECT account, sum(cents) FROM posting WHERE company = ? AND txn_date BETWEEN ? AND ? GROUP BY account",
			(company, start or "0001-01-01", end or "9999-12-31"),
		)
	return dict(rows.fetchall())


def list_postings(
	store: Store,
	company: int,
	entity: str | None = None,
	identifier: Id | None = None,
	limit: int = 1_000_000,
) -> list[dict[str, Any]]:
	"""Return postings in the order they were made, as the control API shows them (amounts are strings)."""
	conditions, values = ["p.company = ?"], [company]
	if entity is not None:
		conditions.append("p.entity = ?")
		values.append(entity)
	if identifier is not None:
		conditions.append("p.id = ?")
		values.append(identifier)
	rows = store.execute(
		"SELECT p.entity, p.id, o.doc_number, p.txn_date, p.account, a.name, p.cents, p.party, p.item, p.quantity, p.memo"
		" FROM posting p"
		" LEFT JOIN object o ON o.company = p.company AND o.entity = p.entity AND o.id = p.id"
		" LEFT JOIN object a ON a.company = p.company AND a.entity = 'Account' AND a.id = p.account"
		f" WHERE {' AND '.join(conditions)} ORDER BY p.pk LIMIT ?",
		(*values, limit),
	)
	return [
		{
			"entity": row[0],
			"id": str(row[1]),
			"doc_number": row[2],
			"date": row[3],
			"account": {"id": str(row[4]), "name": row[5]},
			"debit": str(from_cents(max(row[6], 0))),
			"credit": str(from_cents(max(-row[6], 0))),
			"party": None if row[7] is None else str(row[7]),
			"item": None if row[8] is None else str(row[8]),
			"quantity": None if row[9] is None else str(from_scaled_quantity(row[9])),
			"memo": row[10],
		}
		for row in rows
	]


def sum_debits(totals: dict[int, int]) -> tuple[Decimal, Decimal]:
	"""Return the debit and the credit side of a set of totals."""
	debits = sum(cents for cents in totals.values() if cents > 0)
	credits = -sum(cents for cents in totals.values() if cents < 0)
	return from_cents(debits), from_cents(credits)
