"""QuickBooks' books as far as goods move in them, calculated from the emulator's README. Imports neither the app nor the emulator.

A document is entered as what it says: amounts on accounts and parties, and lines of goods. What the goods cost, and what of it
goes to cost of goods, is calculated anew from the whole history after each change. Cents; debit positive.
"""

from __future__ import annotations

import copy
from collections import defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from fractions import Fraction

from books_far_costing import BILL, RETURN, SALE, VENDOR_CREDIT, Move, Rules, tell

INVENTORY, COST_OF_GOODS, OPENING_EQUITY = "Inventory Asset", "Cost of Goods Sold", "Opening Balance Equity"
RECEIVABLE, PAYABLE = "Accounts Receivable (A/R)", "Accounts Payable (A/P)"


class NotOnHand(Exception):
	"""Refused: goods that are not there may not leave (``negative`` is ``refused``)."""


@dataclass(frozen=True)
class Goods:
	"""A line of goods: ``quantity`` signed, ``stated`` the line's own amount in cents where the line puts a value into inventory,
	``against`` the account that takes the other side (an adjustment's), else cost of goods."""

	item: str
	kind: str
	quantity: Fraction
	stated: int | None = None
	against: str = COST_OF_GOODS


@dataclass
class Document:
	"""One transaction: its own postings (account, cents), who owes or is owed (party, cents), and its goods."""

	day: str
	entry: int
	postings: list[tuple[str, int]]
	goods: list[Goods] = field(default_factory=list)
	party: str = ""
	moves: list[Move] = field(default_factory=list)


class QuickBooks:
	"""One company. ``documents`` by a key of the caller's; ``standards`` holds each item's PurchaseCost, in cents."""

	def __init__(self, rules: Rules | None = None) -> None:
		self.rules = rules or Rules()
		self.documents: dict[Hashable, Document] = {}
		self.standards: dict[str, Fraction] = {}
		self.entered = 0

	# ------------------------------------------------------------------------------------- writing

	def set_purchase_cost(self, item: str, cost: str | Fraction) -> None:
		"""The cost in dollars; counts for what is entered from now on."""
		self.standards[item] = Fraction(str(cost)) * 100

	def enter(
		self,
		key: Hashable,
		day: str,
		postings: Iterable[tuple[str, int]],
		goods: Iterable[Goods] = (),
		party: str = "",
		entry: int | None = None,
	) -> None:
		"""Enter a document, or change one that is there, which keeps its place in the order of entry; ``entry`` sets that place
		where the caller numbers them. ``NotOnHand`` leaves everything as it was."""
		before = self._remember()
		old = self.documents.get(key)
		if not old:
			self.entered += 1
		place = old.entry if old else entry or self.entered
		document = Document(day, place, list(postings), list(goods), party)
		if old:
			self._keep_costs(old, document.goods)
		document.moves = self._make_moves(document, old)
		self.documents[key] = document
		self._settle(before)

	def remove(self, key: Hashable) -> None:
		"""Delete a document."""
		before = self._remember()
		self._keep_costs(self.documents[key], [])
		del self.documents[key]
		self._settle(before)

	def _remember(self) -> dict[Hashable, Document]:
		return copy.deepcopy(self.documents) if self.rules.negative == "refused" else {}

	def _make_moves(self, document: Document, old: Document | None) -> list[Move]:
		moves = []
		for line, goods in enumerate(document.goods):
			standard = self.standards.get(goods.item, Fraction(0))
			move = Move(
				goods.kind, goods.quantity, document.day, document.entry, line, goods.stated, standard
			)
			same = old.moves[line] if old and line < len(old.moves) and old.goods[line] == goods else None
			if same and old and old.day == document.day:
				move = same
			moves.append(move)
		return moves

	def _keep_costs(self, leaving: Document, goods: list[Goods]) -> None:
		"""Where a receipt is deleted, what left after it may have to keep its cost."""
		if self.rules.removed_layer != "keep":
			return
		for receipt, line in zip(leaving.moves, leaving.goods, strict=True):
			stays = any(one.item == line.item and one.quantity > 0 for one in goods)
			if receipt.quantity < 0 or stays:
				continue
			place = receipt.get_place(self.rules)
			for document in self.documents.values():
				if document is leaving:
					continue
				for move, other in zip(document.moves, document.goods, strict=True):
					is_later = move.get_place(self.rules) > place
					if other.item == line.item and move.quantity < 0 and is_later and move.kept is None:
						move.kept = -move.asset

	def _settle(self, before: dict[Hashable, Document]) -> None:
		for item in self.list_items():
			tell(self._get_moves(item), self.rules)
		if self.rules.negative != "refused":
			return
		for key, document in self.documents.items():
			shorts = before[key].moves if key in before else []
			for line, move in enumerate(document.moves):
				was = shorts[line].short if line < len(shorts) else Fraction(0)
				if move.short > was:
					self.documents = before
					raise NotOnHand(f"{document.goods[line].item} on {document.day}")

	# ------------------------------------------------------------------------------------- reading

	def list_items(self) -> list[str]:
		return sorted({goods.item for document in self.documents.values() for goods in document.goods})

	def _get_moves(self, item: str) -> list[Move]:
		return [
			move
			for document in self.documents.values()
			for move, goods in zip(document.moves, document.goods, strict=True)
			if goods.item == item
		]

	def get_effects(self, document: Document) -> list[tuple[str, int]]:
		"""Every posting of a document: what it says itself, and what its goods cost."""
		postings = list(document.postings)
		for move, goods in zip(document.moves, document.goods, strict=True):
			stated = 0
			if goods.kind in (BILL, VENDOR_CREDIT):
				# The line itself has put its amount into inventory, or taken it out.
				stated = (goods.stated or 0) * (1 if goods.quantity > 0 else -1)
				postings.append((INVENTORY, stated))
				rest = move.asset - stated
				postings += [(INVENTORY, rest), (COST_OF_GOODS, -rest)]
			else:
				own = move.asset - move.late
				postings += [(INVENTORY, move.asset), (goods.against, -own), (COST_OF_GOODS, -move.late)]
		return postings

	def get_accounts(self, day: str = "9999") -> dict[str, int]:
		"""The trial balance at the end of a day, without accounts at zero."""
		sums: dict[str, int] = defaultdict(int)
		for document in self.documents.values():
			if document.day <= day:
				for account, cents in self.get_effects(document):
					sums[account] += cents
		return {account: cents for account, cents in sums.items() if cents}

	def get_parties(self) -> dict[str, int]:
		"""What each owes (negative: is owed)."""
		sums: dict[str, int] = defaultdict(int)
		for document in self.documents.values():
			owed = sum(cents for account, cents in document.postings if account in (RECEIVABLE, PAYABLE))
			sums[document.party] += owed
		return {party: cents for party, cents in sums.items() if party and cents}

	def get_stock(self, day: str = "9999") -> dict[str, tuple[Fraction, int]]:
		"""Quantity and value of each item at the end of a day, as InventoryValuationSummary says them."""
		found: dict[str, tuple[Fraction, int]] = {}
		for document in self.documents.values():
			for move, goods in zip(document.moves, document.goods, strict=True):
				if document.day <= day:
					quantity, value = found.get(goods.item, (Fraction(0), 0))
					found[goods.item] = (quantity + move.quantity, value + move.asset)
		return found

	def get_cost(self, key: Hashable) -> int:
		"""What a document did to inventory."""
		return sum(move.asset for move in self.documents[key].moves)


def sell(item: str, quantity: Fraction) -> Goods:
	return Goods(item, SALE, -quantity)


def take_back(item: str, quantity: Fraction) -> Goods:
	return Goods(item, RETURN, quantity)


def buy(item: str, quantity: Fraction, cents: int) -> Goods:
	return Goods(item, BILL, quantity, cents)


def send_back(item: str, quantity: Fraction, cents: int) -> Goods:
	return Goods(item, VENDOR_CREDIT, -quantity, cents)
