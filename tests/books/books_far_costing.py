"""QuickBooks' own inventory of one item, calculated from the rules that the emulator's README states. Imports neither the app nor
the emulator.

The whole history is told from its beginning each time: slow, and with nothing stored that could be wrong. Money is whole cents,
quantities are fractions.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

SALE, RETURN, BILL, VENDOR_CREDIT, ADJUSTMENT, OPENING = (
	"sale",
	"return",
	"bill",
	"vendor credit",
	"adjustment",
	"opening",
)


@dataclass(frozen=True)
class Rules:
	"""A value for each knob ``stock_…`` of the emulator, the first of each being its default."""

	positive_adjustment_cost: str = "purchase_cost"
	return_cost: str = "current_layer"
	vendor_credit_cost: str = "layer"
	negative: str = "recost"
	back_dating: str = "recost"
	removed_layer: str = "recost"
	same_day_order: str = "entry"
	rounding: str = "per_issue"


OPTIONS: dict[str, tuple[str, ...]] = {
	"positive_adjustment_cost": ("purchase_cost", "current_layer", "zero"),
	"return_cost": ("current_layer", "purchase_cost", "sale_cost"),
	"vendor_credit_cost": ("layer", "line_amount"),
	"negative": ("recost", "keep", "refused"),
	"back_dating": ("recost", "entry_order"),
	"removed_layer": ("recost", "keep"),
	"same_day_order": ("entry", "receipts_first"),
	"rounding": ("per_issue", "per_unit"),
}


def round_cents(amount: Fraction) -> int:
	"""Half away from zero."""
	whole = int(abs(amount) + Fraction(1, 2))
	return whole if amount >= 0 else -whole


@dataclass
class Move:
	"""One line of one document. ``stated`` is the amount that the line itself says, in cents without a sign; ``standard`` the
	item's PurchaseCost in cents when it was entered; ``kept`` what an issue costs whatever the layers say.

	After ``tell``: ``asset`` is what the move does to the inventory account, ``late`` the part of it that settles earlier
	issues, and ``short`` what was not on hand.
	"""

	kind: str
	quantity: Fraction
	day: str
	entry: int
	line: int
	stated: int | None
	standard: Fraction
	kept: int | None = None
	asset: int = 0
	late: int = 0
	short: Fraction = Fraction(0)

	def get_place(self, rules: Rules) -> tuple:
		"""What sorts it among the item's moves."""
		if rules.back_dating == "entry_order":
			return (self.kind != OPENING, self.entry, self.line)
		leaves = self.quantity < 0 and rules.same_day_order == "receipts_first"
		return (self.day, self.kind != OPENING, leaves, self.entry, self.line)


@dataclass
class Lot:
	"""Goods with what is left of their value; or, in ``Telling.owed``, goods that left before they came."""

	quantity: Fraction
	cents: int
	owner: Move
	each: int = 0
	"""What one of them cost when they came, in whole cents."""

	def __post_init__(self) -> None:
		self.each = round_cents(Fraction(self.cents) / self.quantity)

	def take(self, quantity: Fraction, rules: Rules) -> int:
		"""Take so many of them, and return their share of the value; the last take the rest."""
		if quantity == self.quantity:
			share = self.cents
		elif rules.rounding == "per_unit":
			share = round_cents(self.each * quantity)
			share = min(share, self.cents) if self.cents >= 0 else max(share, self.cents)
			if (share < 0) != (self.cents < 0):
				share = 0
		else:
			share = round_cents(Fraction(self.cents) * quantity / self.quantity)
		self.quantity -= quantity
		self.cents -= share
		return share


@dataclass
class Telling:
	"""How an item stands while its history is told."""

	rules: Rules
	lots: list[Lot] = field(default_factory=list)
	owed: list[Lot] = field(default_factory=list)
	without_goods: int = 0
	"""Value that no goods carry; the next that there are take it on."""
	last_in: tuple[Fraction, int] | None = None
	last_sale: tuple[Fraction, int] | None = None

	def add(self, move: Move) -> None:
		move.asset = move.late = 0
		move.short = Fraction(0)
		if move.quantity > 0:
			self.bring_in(move)
		else:
			self.take_out(move)
		if self.without_goods and self.lots:
			self.lots[0].cents += self.without_goods
			self.without_goods = 0
		elif self.without_goods and self.owed:
			self.owed[0].cents -= self.without_goods
			self.without_goods = 0

	# ------------------------------------------------------------------------------------------ in

	def bring_in(self, move: Move) -> None:
		"""First what is owed is settled, the oldest first; the rest lies behind all other goods."""
		worth = self.value(move)
		move.asset = worth
		self.last_in = (move.quantity, worth)
		coming = Lot(move.quantity, worth, move)
		while coming.quantity and self.owed:
			debt = self.owed[0]
			units = min(coming.quantity, debt.quantity)
			more = coming.take(units, self.rules) - debt.take(units, self.rules)
			if debt.owner.kept is not None:
				self.without_goods += more
			elif self.rules.negative == "keep":
				move.late -= more
				move.asset -= more
			else:
				debt.owner.asset -= more
			if not debt.quantity:
				self.owed.pop(0)
		if coming.quantity:
			self.lots.append(coming)

	def value(self, move: Move) -> int:
		"""What comes in is worth."""
		if move.stated is not None:
			return move.stated
		rule = self.rules.return_cost if move.kind in (SALE, RETURN) else self.rules.positive_adjustment_cost
		if rule == "zero":
			return 0
		if rule == "sale_cost" and self.last_sale:
			units, cost = self.last_sale
			return round_cents(cost * move.quantity / units)
		if rule == "purchase_cost":
			return round_cents(move.standard * move.quantity)
		if self.lots:
			return round_cents(self.lots[0].cents * move.quantity / self.lots[0].quantity)
		return self.value_by_last(move, move.quantity)

	def value_by_last(self, move: Move, units: Fraction) -> int:
		"""At what came in last, or at PurchaseCost where nothing ever came."""
		if self.last_in:
			return round_cents(self.last_in[1] * units / self.last_in[0])
		return round_cents(move.standard * units)

	# ----------------------------------------------------------------------------------------- out

	def take_out(self, move: Move) -> None:
		needed, cost = -move.quantity, 0
		while needed and self.lots:
			units = min(needed, self.lots[0].quantity)
			cost += self.lots[0].take(units, self.rules)
			needed -= units
			if not self.lots[0].quantity:
				self.lots.pop(0)
		move.short = needed
		if needed:
			if move.kept is not None:
				assumed = move.kept - cost
			elif move.standard:
				assumed = round_cents(move.standard * needed)
			else:
				assumed = self.value_by_last(move, needed)
			self.owed.append(Lot(needed, assumed, move))
			cost += assumed
		elif move.kept is not None:
			self.without_goods += cost - move.kept
			cost = move.kept
		elif (
			move.kind == VENDOR_CREDIT
			and move.stated is not None
			and self.rules.vendor_credit_cost == "line_amount"
		):
			cost += self.take_value(move.stated - cost)
		if move.kind in (SALE, RETURN):
			self.last_sale = (-move.quantity, cost)
		move.asset = -cost

	def take_value(self, wanted: int) -> int:
		"""A vendor's credit by its amount takes what the goods were not worth from the next ones, no more than they hold."""
		if not self.lots:
			return 0
		taken = min(wanted, max(self.lots[0].cents, 0))
		self.lots[0].cents -= taken
		return taken


def tell(moves: list[Move], rules: Rules) -> Telling:
	"""Cost an item's whole history; the moves know their effects afterwards."""
	telling = Telling(rules)
	for move in sorted(moves, key=lambda move: move.get_place(rules)):
		telling.add(move)
	return telling
