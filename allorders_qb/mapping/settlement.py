"""How much of a payment an invoice gets, from both as QuickBooks has them now: pure.

Up to both open balances. What QuickBooks, or somebody there, has applied to this invoice already counts as done; what it
has applied to other invoices is theirs until a person, or the setting, says that it is to be moved.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from allorders_qb.mapping.payment import Application, read_applications, read_unapplied
from allorders_qb.money import to_decimal

ZERO = Decimal(0)


@dataclass(frozen=True)
class Settlement:
	"""What is to be done, in the payment's currency.

	`found` is on the invoice already, not from us; `take` is to be added to it, of which `freed` is taken off other
	invoices. `elsewhere` is what other invoices have of it that this one lacks, and that is not moved.
	"""

	found: Decimal
	take: Decimal
	freed: tuple[Application, ...] = ()
	elsewhere: tuple[Application, ...] = ()

	@property
	def settled(self) -> Decimal:
		"""What of the payment the invoice has for this purpose when all is done."""
		return self.found + self.take


def settle(
	payment: Mapping[str, Any],
	invoice: Mapping[str, Any],
	wanted: Decimal,
	ours: Mapping[str, Decimal],
	may_move: bool = False,
) -> Settlement:
	"""Return how much of the `wanted` amount this invoice gets. `ours` is what we have put onto each invoice (by its
	QuickBooks id) with this payment before; what is more than that is QuickBooks' own."""
	invoice_id = str(invoice["Id"])
	theirs = _read_theirs(payment, ours)
	found = min(theirs.pop(invoice_id, ZERO), wanted)
	needed = min(wanted - found, to_decimal(invoice.get("Balance"), 2))
	take = min(needed, read_unapplied(payment))
	elsewhere = _collect(theirs, needed - take)
	if not may_move:
		return Settlement(found, take, elsewhere=elsewhere)
	return Settlement(
		found, take + sum((application.amount for application in elsewhere), ZERO), freed=elsewhere
	)


def read_elsewhere(payment: Mapping[str, Any], ours: Mapping[str, Decimal]) -> tuple[Application, ...]:
	"""Return what of a payment settles invoices without having been applied from here."""
	return tuple(Application(invoice, amount) for invoice, amount in _read_theirs(payment, ours).items())


def read_amount_on(payment: Mapping[str, Any], invoice_id: str) -> Decimal:
	"""Return what of a payment, as QuickBooks has it or as it was sent, settles this invoice."""
	amounts = (
		application.amount
		for application in read_applications(payment)
		if application.invoice_id == invoice_id
	)
	return sum(amounts, ZERO)


def _read_theirs(payment: Mapping[str, Any], ours: Mapping[str, Decimal]) -> dict[str, Decimal]:
	"""Return what of each invoice is not from us, in the order of the payment's lines."""
	amounts: dict[str, Decimal] = {}
	for application in read_applications(payment):
		amounts[application.invoice_id] = amounts.get(application.invoice_id, ZERO) + application.amount
	theirs = {invoice: amount - ours.get(invoice, ZERO) for invoice, amount in amounts.items()}
	return {invoice: amount for invoice, amount in theirs.items() if amount > ZERO}


def _collect(theirs: Mapping[str, Decimal], lacking: Decimal) -> tuple[Application, ...]:
	"""Return from which invoices what is lacking could come, the last applied first."""
	found = []
	for invoice, amount in reversed(theirs.items()):
		share = min(amount, lacking)
		if share > ZERO:
			found.append(Application(invoice, share))
			lacking -= share
	return tuple(found)
