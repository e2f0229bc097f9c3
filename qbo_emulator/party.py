"""Whose debt it is: balances of customers and vendors, and which customers stand above which.

A customer's own balance is the column ``balance``; with its sub-customers ("BalanceWithJobs") it is ``total``.
"""

from __future__ import annotations

from qbo_emulator.store import Row
from qbo_emulator.work import Work

OWED, CREDIT, REFERENCE = 1, -1, 0
"""How a payment takes a transaction: it is owed (invoice, bill), it is a credit, or it is only referred to."""
MAX_DEPTH = 20
"""More than any nesting the service allows; it ends a walk over records that were damaged by hand."""


def list_ancestors(work: Work, entity: str, identifier: int) -> list[int]:
	"""Return the Ids above a record, nearest first."""
	ancestors: list[int] = []
	while len(ancestors) < MAX_DEPTH:
		row = work.store.execute(
			"SELECT json_extract(body, '$.ParentRef.value') FROM object WHERE company = ? AND entity = ? AND id = ?",
			(work.company.key, entity, ancestors[-1] if ancestors else identifier),
		).fetchone()
		if row is None or row[0] is None:
			break
		ancestors.append(int(row[0]))
	return ancestors


def add_to_party(work: Work, entity: str, identifier: int, cents: int) -> None:
	"""Move the balance of a customer (and of what stands above it, with its jobs) or of a vendor."""
	if not cents:
		return
	work.store.add_to_balance(work.company.key, entity, identifier, cents)
	if entity == "Customer":
		add_with_jobs(work, identifier, cents)
		for ancestor in list_ancestors(work, entity, identifier):
			add_with_jobs(work, ancestor, cents)


def add_with_jobs(work: Work, customer: int, cents: int) -> None:
	work.store.add_to_total(work.company.key, "Customer", customer, cents)


def is_same_or_below(work: Work, entity: str, identifier: int, ancestor: int) -> bool:
	"""Return whether a record is ``ancestor`` or one of its sub-records."""
	return identifier == ancestor or (
		entity == "Customer" and ancestor in list_ancestors(work, entity, identifier)
	)


def merge_balances(work: Work, entity: str, loser: Row, winner: Row) -> None:
	"""Give a record that is merged away's balance to another, and to what stands above that instead."""
	work.store.add_to_balance(work.company.key, entity, winner.id, loser.balance or 0)
	if entity != "Customer":
		return
	for ancestor in list_ancestors(work, entity, int(loser.id)):
		add_with_jobs(work, ancestor, -(loser.total or 0))
	for customer in (int(winner.id), *list_ancestors(work, entity, int(winner.id))):
		add_with_jobs(work, customer, loser.total or 0)
