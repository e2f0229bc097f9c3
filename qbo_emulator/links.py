"""What settles what: the only writer of the table ``link``.

A payer (Payment, BillPayment) settles targets (Invoice, CreditMemo, Bill …) with an amount; other transactions only
refer to one (an invoice to its estimate, a deposit to the payments in it). Stored bodies are always complete: whoever
changes a link rewrites both sides here, so that reads need no join.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from qbo_emulator.entities.base import ENTITIES
from qbo_emulator.faults import Fault, refuse_business
from qbo_emulator.money import from_cents
from qbo_emulator.party import CREDIT, OWED, REFERENCE, add_to_party, is_same_or_below
from qbo_emulator.store import Id, Row
from qbo_emulator.work import Work, load_body

if TYPE_CHECKING:
	from qbo_emulator.entities.transaction import Transaction


@dataclass(frozen=True)
class Link:
	"""What a transaction wants to settle: ``cents`` of the target's open amount, or None only to refer to it."""

	target_entity: str
	target_id: int
	cents: int | None = None


@dataclass
class StoredLink:
	"""A row of the table; ``home_cents`` is what leaves the target's receivable or payable, at the target's rate."""

	pk: int
	entity: str
	id: int
	target_entity: str
	target_id: int
	cents: int | None
	home_cents: int | None
	side: int
	payer_party: int | None
	party: int | None


STORED = "pk, entity, id, target_entity, target_id, cents, home_cents, side, payer_party, party"


def list_outgoing(work: Work, entity: str, identifier: Id) -> list[StoredLink]:
	"""Return what a transaction settles or refers to, oldest first."""
	rows = work.store.execute(
		f"SELECT {STORED} FROM link WHERE company = ? AND entity = ? AND id = ? ORDER BY pk",
		(work.company.key, entity, identifier),
	)
	return [StoredLink(*row) for row in rows]


def list_incoming(work: Work, entity: str, identifier: Id) -> list[StoredLink]:
	"""Return what settles or refers to a transaction, oldest first."""
	rows = work.store.execute(
		f"SELECT {STORED} FROM link WHERE company = ? AND target_entity = ? AND target_id = ? ORDER BY pk",
		(work.company.key, entity, identifier),
	)
	return [StoredLink(*row) for row in rows]


def find_transaction(work: Work, entity: str, identifier: Id) -> tuple[Transaction, Row, dict[str, Any]]:
	"""Return a transaction's entity, row and body. Raises 2500 when there is none."""
	row = work.get(entity, identifier)
	if row is None or entity not in ENTITIES:
		raise Fault(
			"2500", f"Invalid Reference Id : {entity} element id {identifier} not found", "Line.LinkedTxn"
		)
	return ENTITIES[entity], row, load_body(row.body)  # type: ignore[return-value]


def replace(work: Work, payer: Transaction, document: dict[str, Any], wanted: list[Link]) -> None:
	"""Make a stored transaction's links the wanted ones and rewrite every target whose open amount moves by it.

	Raises 2500 for a target that does not exist, 620 where it cannot be linked and 6000 above its open amount.
	"""
	identifier = int(document["Id"])
	party = payer.get_party(document)
	existing = {
		(link.target_entity, link.target_id): link for link in list_outgoing(work, payer.name, identifier)
	}
	merged = merge(wanted)
	changed: dict[tuple[str, int], None] = {}
	for key, link in existing.items():
		if key not in merged or merged[key].cents != link.cents or link.payer_party != party:
			remove_row(work, link)
			changed[key] = None
	for key, link in merged.items():
		if key not in existing or key in changed:
			insert_row(work, payer, document, link)
			changed[key] = None
	for entity, target_id in changed:
		target, row, body = find_transaction(work, entity, target_id)
		target.refresh(work, row, body)


def merge(wanted: list[Link]) -> dict[tuple[str, int], Link]:
	"""Return one link for each target, the amounts of several lines added."""
	merged: dict[tuple[str, int], Link] = {}
	for link in wanted:
		key = (link.target_entity, link.target_id)
		before = merged.get(key)
		cents = link.cents
		if before is not None and before.cents is not None and cents is not None:
			cents += before.cents
		merged[key] = Link(*key, cents)
	return merged


def insert_row(work: Work, payer: Transaction, document: dict[str, Any], link: Link) -> None:
	"""Check and store one link."""
	target, row, body = find_transaction(work, link.target_entity, link.target_id)
	target.check_link(work, row, body, payer, document)
	party, payer_party = target.get_party(body), payer.get_party(document)
	side, home_cents = REFERENCE, None
	if link.cents is not None:
		side = target.find_side(body)
		open_cents, home_open = get_open(work, target, row, body)
		check_amount(target, row, body, link.cents, open_cents)
		if (
			party != payer_party
			and payer.party_entity
			and not is_same_or_below(work, payer.party_entity, party or 0, payer_party or 0)
		):
			raise Fault(
				"620", f"{target.name} {row.id} belongs to another {payer.party_entity}", "Line.LinkedTxn"
			)
		if target.get_currency(work, body) != payer.get_currency(work, document):
			raise Fault("620", f"{target.name} {row.id} is in another currency", "Line.LinkedTxn")
		home_cents = share_home(link.cents, open_cents, home_open)
	work.store.execute(
		"INSERT INTO link (company, entity, id, target_entity, target_id, cents, home_cents, side, payer_party, party)"
		" VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
		(
			work.company.key, payer.name, int(document["Id"]), link.target_entity, link.target_id, link.cents,
			home_cents, side, payer_party, party,
		),
	)  # fmt: skip
	move_between_parties(work, payer, party, payer_party, (link.cents or 0) * side)


def check_amount(target: Transaction, row: Row, body: dict[str, Any], cents: int, open_cents: int) -> None:
	if cents < 0:
		raise Fault("2290", "The amount applied to a transaction cannot be negative", "Line.Amount")
	if cents > open_cents:
		name = f"{target.name} {body.get('DocNumber', row.id)}"
		raise refuse_business(
			f"{from_cents(cents)} is more than the {from_cents(open_cents)} that is open on {name}",
			"Line.Amount",
		)


def get_open(work: Work, target: Transaction, row: Row, body: dict[str, Any]) -> tuple[int, int]:
	"""Return what is open of a transaction, in its own currency and at home."""
	incoming = [link for link in list_incoming(work, target.name, row.id) if link.cents is not None]
	open_cents = target.compute_open_cents(work, body) - sum(link.cents or 0 for link in incoming)
	home_open = target.compute_home_open_cents(work, body) - sum(link.home_cents or 0 for link in incoming)
	return open_cents, home_open


def share_home(cents: int, open_cents: int, home_open: int) -> int:
	"""Return the home part of an amount; the last one takes what is left, so that nothing stays over by rounding."""
	if not open_cents:
		return 0
	return (home_open * cents * 2 + open_cents) // (open_cents * 2)


def move_between_parties(
	work: Work, payer: Transaction, party: int | None, payer_party: int | None, cents: int
) -> None:
	"""Settle a sub-customer's debt with its parent's money: the balance moves along."""
	if party != payer_party and cents and payer.party_entity and party and payer_party:
		add_to_party(work, payer.party_entity, party, -cents)
		add_to_party(work, payer.party_entity, payer_party, cents)


def remove_row(work: Work, link: StoredLink) -> None:
	work.store.execute("DELETE FROM link WHERE pk = ?", (link.pk,))
	payer: Transaction = ENTITIES[link.entity]  # type: ignore[assignment]
	move_between_parties(work, payer, link.party, link.payer_party, -(link.cents or 0) * link.side)


def fit(work: Work, target: Transaction, document: dict[str, Any]) -> list[StoredLink]:
	"""Return a changed transaction's incoming links, after cutting what no longer fits its amount, party, side or rate.

	What a payer had given and is cut becomes unapplied there. Runs before the transaction itself is stored.
	"""
	identifier = int(document["Id"])
	party, side = target.get_party(document), target.find_side(document)
	open_cents = target.compute_open_cents(work, document)
	left, home_left = open_cents, target.compute_home_open_cents(work, document)
	for link in list_incoming(work, target.name, identifier):
		if link.cents is None:
			continue
		fits = link.party == party and link.side == side
		cents = min(link.cents, max(left, 0)) if fits else 0
		home = share_home(cents, left, home_left)
		if cents != link.cents:
			change_amount(work, link, cents, home)
		elif home != link.home_cents and (cents == left or is_rate_changed(work, target, document)):
			set_home(work, link, home)
			repost(work, link)
		else:
			home = link.home_cents or 0
		left, home_left = left - cents, home_left - home
	return list_incoming(work, target.name, identifier)


def is_rate_changed(work: Work, target: Transaction, document: dict[str, Any]) -> bool:
	"""Return whether a stored transaction's exchange rate is not the one that is about to be stored."""
	row = work.get(target.name, document["Id"])
	return bool(row and load_body(row.body).get("ExchangeRate") != document.get("ExchangeRate"))


def set_home(work: Work, link: StoredLink, home_cents: int) -> None:
	work.store.execute("UPDATE link SET home_cents = ? WHERE pk = ?", (home_cents, link.pk))


def repost(work: Work, link: StoredLink) -> None:
	payer, row, body = find_transaction(work, link.entity, link.id)
	payer.repost(work, row, body)


def change_amount(work: Work, link: StoredLink, cents: int, home_cents: int) -> None:
	"""Lower a link to ``cents`` (0 cuts it) because its target changed; the payer is rewritten, the target is not."""
	payer, row, body = find_transaction(work, link.entity, link.id)
	lower_row(work, link, cents, home_cents)
	body = payer.change_linked_amount(body, link.target_entity, link.target_id, cents)
	for other in balance_payer(payer, work, body):
		body = payer.change_linked_amount(body, other.target_entity, other.target_id, other.cents or 0)
		target, target_row, target_body = find_transaction(work, other.target_entity, other.target_id)
		target.refresh(work, target_row, target_body)
	payer.refresh(work, row, body)
	payer.repost(work, row, body)


def lower_row(work: Work, link: StoredLink, cents: int, home_cents: int) -> None:
	payer: Transaction = ENTITIES[link.entity]  # type: ignore[assignment]
	if not cents:
		remove_row(work, link)
		return
	work.store.execute("UPDATE link SET cents = ?, home_cents = ? WHERE pk = ?", (cents, home_cents, link.pk))
	difference = cents - (link.cents or 0)
	move_between_parties(work, payer, link.party, link.payer_party, difference * link.side)


def balance_payer(payer: Transaction, work: Work, body: dict[str, Any]) -> list[Link]:
	"""Lower a payer's other links until it neither gives more than it has nor uses credits for nothing.

	Returns the links that were lowered, with their new amounts; a credit that is set free is open again.
	"""
	lowered = []
	outgoing = [link for link in list_outgoing(work, payer.name, int(body["Id"])) if link.cents is not None]
	given = sum(link.cents or 0 for link in outgoing if link.side == OWED)
	credits = sum(link.cents or 0 for link in outgoing if link.side == CREDIT)
	total = payer.compute_total_cents(body)
	for side, excess in ((OWED, given - credits - total), (CREDIT, credits - given)):
		for link in reversed(outgoing):
			if link.side != side or excess <= 0:
				continue
			cut = min(excess, link.cents or 0)
			excess -= cut
			cents = (link.cents or 0) - cut
			lower_row(work, link, cents, share_home(cents, link.cents or 0, link.home_cents or 0))
			lowered.append(Link(link.target_entity, link.target_id, cents))
	return lowered


def cut_incoming(work: Work, target: Transaction, row: Row) -> None:
	"""Set free what settles or refers to a transaction that is about to be voided or deleted."""
	for link in list_incoming(work, target.name, row.id):
		change_amount(work, link, 0, 0)


def cut_outgoing(work: Work, payer: Transaction, document: dict[str, Any]) -> None:
	"""Open again what a transaction settled, before it is voided or deleted."""
	replace(work, payer, document, [])
