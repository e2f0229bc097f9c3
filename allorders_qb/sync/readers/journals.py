"""What the readers of journals share: accounts of QuickBooks Settings, and values that go from one account to another."""

from decimal import Decimal
from typing import Any

from allorders_qb.mapping.posting import JournalLine

Account = tuple[str | None, str]
"""An account, and the label of the field that names it (for the refusal where it names none)."""


def name_account(settings: Any, fieldname: str) -> Account:
	"""The account that a field of QuickBooks Settings names."""
	return settings.get(fieldname) or None, settings.meta.get_label(fieldname)


def move_value(
	amount: Decimal, debit: Account, credit: Account, item: str, **dimensions
) -> list[JournalLine]:
	"""The two lines by which so much (home currency; negative: the other way) of an item's value changes accounts.

	``dimensions`` are ``class_name`` and ``department``.
	"""
	return [
		JournalLine(account or "", value, item, account_field=field, item=item, **dimensions)
		for (account, field), value in ((debit, amount), (credit, -amount))
	]
