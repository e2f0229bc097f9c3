"""What all transactions share: the run of Ids, indexed columns, postings, balances of parties, and links.

An entity declares its party and open amount and yields data: postings, what it adds to its party's balance, and what it
settles. Effects are recorded and taken back here, the same way for all.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from qbo_emulator import ledger, links, stock
from qbo_emulator.entities.base import Entity
from qbo_emulator.entities.currency import convert_to_home
from qbo_emulator.faults import Fault
from qbo_emulator.fields import Many, ReadOnly, Struct, Text
from qbo_emulator.money import from_cents, to_cents
from qbo_emulator.party import REFERENCE, add_to_party
from qbo_emulator.records import build_row
from qbo_emulator.store import Id, Row
from qbo_emulator.work import Work

LINKED_TXN = Many(Struct(TxnId=Text(40), TxnType=Text(40), TxnLineId=Text(40), sparse=ReadOnly()))
ONE = Decimal(1)
ZERO = Decimal(0)
VOIDED = "Voided"
NOTE_LENGTH = 4000


class Transaction(Entity):
	sequence = "Txn"
	is_transaction = True
	operations = frozenset({"read", "query", "create", "update", "delete"})
	party_entity: str | None = None
	"""Customer or Vendor; the document names it in ``<party_entity>Ref``."""
	open_fields: tuple[str, ...] = ()
	"""Properties that show what is open (Balance, UnappliedAmt …); none for what is never open to a reader."""
	side = REFERENCE
	"""How a payment takes it: party.OWED, CREDIT, or REFERENCE for what cannot be settled."""
	header_links: frozenset[str] = frozenset()
	"""TxnTypes that a client may name in the header's LinkedTxn, as an invoice names its estimate."""
	linked_by: frozenset[str] = frozenset()
	"""Entities that may settle or refer to it."""
	guards: dict[str, str] = {}
	"""Entities whose link forbids to void or delete it, and the code that says so: ``{"Deposit": "6540"}``."""

	# ------------------------------------------------------------------------------------ what an entity yields

	def build_postings(self, work: Work, document: dict[str, Any]) -> list[ledger.Posting]:
		"""Return the home-currency postings; they sum to zero. ``document`` carries its Id; links are stored already."""
		return []

	def build_moves(self, work: Work, document: dict[str, Any]) -> list[stock.Move]:
		"""Return what it moves of Inventory items; their cost is posted by itself."""
		return []

	def compute_party_cents(self, work: Work, document: dict[str, Any]) -> int:
		"""Return what it adds to its party's balance, in the party's currency; settling it changes nothing of that."""
		return 0

	def compute_open_cents(self, work: Work, document: dict[str, Any]) -> int:
		"""Return what would be open if nothing settled it, in its own currency."""
		return 0

	def compute_home_open_cents(self, work: Work, document: dict[str, Any]) -> int:
		"""Return ``compute_open_cents`` in home currency, exactly as it stands on the receivable or payable account."""
		amount = from_cents(self.compute_open_cents(work, document))
		return to_cents(convert_to_home(amount, self.get_rate(document)))

	def list_links(self, document: dict[str, Any]) -> list[links.Link]:
		"""Return what it settles or refers to. The default: what the header's LinkedTxn names."""
		return [
			links.Link(linked["TxnType"], int(linked["TxnId"])) for linked in self.list_header_links(document)
		]

	def note_links(self, work: Work, document: dict[str, Any], incoming: list[links.StoredLink]) -> None:
		"""Set what depends on who refers to it, such as an estimate's status.

		In an update by links alone, the document's LinkedTxn still shows how it was before.
		"""

	# ------------------------------------------------------------------------------------ what it is

	def get_txn_type(self, document: dict[str, Any]) -> str:
		"""Return its name in another transaction's LinkedTxn."""
		return self.name

	def get_party(self, document: dict[str, Any]) -> int | None:
		reference = document.get(f"{self.party_entity}Ref") if self.party_entity else None
		return int(reference["value"]) if reference else None

	def get_party_account(self, document: dict[str, Any]) -> int | None:
		"""Return the receivable or payable that it names; None for that of its currency."""
		return None

	def get_currency(self, work: Work, document: dict[str, Any]) -> str:
		return document.get("CurrencyRef", {}).get("value", work.company.home_currency)

	def get_rate(self, document: dict[str, Any]) -> Decimal:
		return document.get("ExchangeRate", ONE)

	def find_side(self, document: dict[str, Any]) -> int:
		return self.side

	def compute_total_cents(self, document: dict[str, Any]) -> int:
		return to_cents(document.get("TotalAmt", ZERO))

	def build_columns(self, document: dict[str, Any]) -> dict[str, Any]:
		return {
			"doc_number": document.get("DocNumber"),
			"txn_date": document["TxnDate"],
			"due_date": document.get("DueDate"),
			"party": self.get_party(document),
			"total": self.compute_total_cents(document),
		}

	# ------------------------------------------------------------------------------------ storing

	def complete(self, work: Work, identifier: Id, document: dict[str, Any], is_new: bool) -> dict[str, Any]:
		document["Id"] = str(identifier)
		incoming = [] if is_new else links.fit(work, self, document)
		own = self.list_header_links(document)
		self.note_links(work, document, incoming)
		document["LinkedTxn"] = [*own, *(self.describe_payer(work, link) for link in incoming)]
		open_cents = self.compute_open_cents(work, document) - sum(link.cents or 0 for link in incoming)
		for name in self.open_fields:
			document[name] = from_cents(open_cents)
		if self.open_fields and "ExchangeRate" in document and "HomeBalance" in self.schema.fields:
			home = self.compute_home_open_cents(work, document)
			document["HomeBalance"] = from_cents(home - sum(link.home_cents or 0 for link in incoming))
		return {"balance": open_cents}

	def list_header_links(self, document: dict[str, Any]) -> list[dict[str, Any]]:
		return [
			linked for linked in document.get("LinkedTxn", []) if linked.get("TxnType") in self.header_links
		]

	def settle_header_links(self, document: dict[str, Any], previous: dict[str, Any] | None) -> None:
		"""Keep the header links a client may set; those that others set on it come back by themselves.

		Raises 620 for a kind that cannot be named here.
		"""
		shown = {(linked["TxnType"], linked["TxnId"]) for linked in (previous or {}).get("LinkedTxn", [])}
		sent = [linked for linked in document.get("LinkedTxn", []) if linked.get("TxnId", "0") != "0"]
		for linked in sent:
			kind, identifier = linked.get("TxnType"), linked["TxnId"]
			if kind not in self.header_links and (kind, identifier) not in shown:
				raise Fault("620", f"A {kind} cannot be linked to a {self.name} here", "LinkedTxn")
			if not identifier.isdigit():
				raise Fault("2030", f"Invalid ID : {identifier[:60]}", "LinkedTxn.TxnId")
		document["LinkedTxn"] = [linked for linked in sent if linked.get("TxnType") in self.header_links]

	def describe_payer(self, work: Work, link: links.StoredLink) -> dict[str, str]:
		"""Return the LinkedTxn entry for what settles or refers to this transaction."""
		payer, _row, body = links.find_transaction(work, link.entity, link.id)
		return {"TxnId": str(link.id), "TxnType": payer.get_txn_type(body)}

	def refresh(self, work: Work, row: Row, document: dict[str, Any]) -> None:
		"""Store the next version of a transaction whose links changed."""
		company = work.company
		columns = self.build_columns(document)
		columns.update(self.complete(work, row.id, document, False))
		work.store.replace(
			build_row(company.key, company.zone, self.name, row.id, document, columns, work.now, row)
		)

	# ------------------------------------------------------------------------------------ links

	def check_link(
		self, work: Work, row: Row, document: dict[str, Any], payer: Transaction, paying: dict[str, Any]
	) -> None:
		"""Raise 620 where a transaction of the payer's kind cannot settle or refer to this one."""
		if payer.name not in self.linked_by or row.state == "voided":
			word = "voided " if row.state == "voided" else ""
			raise Fault(
				"620", f"{payer.name} cannot be linked to the {word}{self.name} {row.id}", "LinkedTxn"
			)

	def change_linked_amount(
		self, document: dict[str, Any], target_entity: str, target_id: int, cents: int
	) -> dict[str, Any]:
		"""Return its body after a link of its was lowered to ``cents``; 0 cuts it out of the lines and the header."""
		changed = dict(document)

		def names_target(linked: dict[str, Any]) -> bool:
			return linked["TxnType"] == target_entity and linked["TxnId"] == str(target_id)

		changed["LinkedTxn"] = [
			linked for linked in document.get("LinkedTxn", []) if not names_target(linked)
		]
		changed["Line"] = []
		left = cents
		for line in document.get("Line", []):
			if not any(names_target(linked) for linked in line.get("LinkedTxn", [])):
				changed["Line"].append(line)
			elif "DetailType" in line:
				changed["Line"].append({name: value for name, value in line.items() if name != "LinkedTxn"})
			elif left:
				amount = min(left, to_cents(line["Amount"]))
				left -= amount
				changed["Line"].append({**line, "Amount": from_cents(amount)})
		return changed

	def release(self, work: Work, row: Row, document: dict[str, Any]) -> None:
		for link in links.list_incoming(work, self.name, row.id):
			if link.entity in self.guards:
				detail = (
					f"{self.name} {row.id} is linked to {link.entity} {link.id}; remove it from there first"
				)
				raise Fault(self.guards[link.entity], detail)
		links.cut_incoming(work, self, row)
		links.cut_outgoing(work, self, document)

	# ------------------------------------------------------------------------------------ effects

	def record_effects(
		self, work: Work, row: Row, document: dict[str, Any], previous: dict[str, Any] | None
	) -> None:
		wanted = self.list_links(document)
		if wanted or previous is not None:
			links.replace(work, self, document, wanted)
		self.post(work, row, document)
		stock.record(work, self.name, row.id, document["TxnDate"], self.build_moves(work, document))
		self.move_party(work, document, 1)

	def post(self, work: Work, row: Row, document: dict[str, Any]) -> None:
		postings = self.build_postings(work, document)
		ledger.post(work.store, work.company.key, self.name, row.id, document["TxnDate"], postings)

	def undo_effects(self, work: Work, row: Row, document: dict[str, Any]) -> None:
		"""Take back postings and balances. Links stay, so that an update only touches those that change."""
		work.check_period(document["TxnDate"])
		ledger.unpost(work.store, work.company.key, self.name, row.id)
		stock.remove(work, self.name, row.id)
		self.move_party(work, document, -1)

	def repost(self, work: Work, row: Row, document: dict[str, Any]) -> None:
		"""Post a transaction anew whose links changed: its party's shares, its exchange gain or loss."""
		ledger.unpost_own(work.store, work.company.key, self.name, row.id)
		self.post(work, row, document)

	def move_party(self, work: Work, document: dict[str, Any], sign: int) -> None:
		party = self.get_party(document)
		if party is not None and self.party_entity:
			add_to_party(work, self.party_entity, party, sign * self.compute_party_cents(work, document))

	def add_void_note(self, document: dict[str, Any]) -> None:
		""" "Voided" goes before the private note."""
		note = document.get("PrivateNote", "")
		if not note.startswith(VOIDED):
			document["PrivateNote"] = f"{VOIDED} - {note}"[:NOTE_LENGTH] if note else VOIDED
