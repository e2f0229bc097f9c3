"""Currencies of transactions: one company currency, or several with a receivable account for each."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from qbo_emulator.entities.people import CURRENCY_NAMES
from qbo_emulator.faults import refuse_business, refuse_missing
from qbo_emulator.money import round_half_up
from qbo_emulator.records import build_row
from qbo_emulator.work import Work


def convert_to_home(amount: Decimal, rate: Decimal) -> Decimal:
	"""Return an amount in home currency; ``rate`` is home units for one foreign unit."""
	return round_half_up(amount * rate)


def settle_currency(
	work: Work, document: dict[str, Any], party: dict[str, Any], word: str = "customer"
) -> None:
	"""Set CurrencyRef and, with multicurrency on, ExchangeRate (default 1). Raises 2020 or 6000.

	``party`` is the customer or vendor (``word``) whose currency the transaction must have.
	"""
	home = work.company.home_currency
	sent = document.get("CurrencyRef", {}).get("value", "").upper()
	rate = document.pop("ExchangeRate", None)
	if not work.company.get_preference("CurrencyPrefs", "MultiCurrencyEnabled"):
		if sent and sent != home:
			raise refuse_business(f"Multicurrency is off; {sent} cannot be used", "CurrencyRef")
		document["CurrencyRef"] = {"value": home, "name": CURRENCY_NAMES.get(home, home)}
		return
	if not sent:
		raise refuse_missing("CurrencyRef")
	expected = party["CurrencyRef"]["value"]
	if sent != expected:
		raise refuse_business(f"The transaction is in {sent}, its {word} in {expected}", "CurrencyRef")
	rate = rate or Decimal(1)
	if rate < 0 or (sent == home and rate != 1):
		raise refuse_business(f"The exchange rate {rate} is not valid for {sent}", "ExchangeRate")
	document["CurrencyRef"] = {"value": sent, "name": CURRENCY_NAMES.get(sent, sent)}
	document["ExchangeRate"] = rate


def find_receivable(work: Work, currency: str) -> int:
	"""Return the A/R account of a currency; a foreign one is made when it is first needed."""
	return find_currency_account(work, currency, "receivable", "Accounts Receivable (A/R)")


def find_payable(work: Work, currency: str) -> int:
	"""Return the A/P account of a currency; a foreign one is made when it is first needed."""
	return find_currency_account(work, currency, "payable", "Accounts Payable (A/P)")


def find_currency_account(work: Work, currency: str, role: str, home_name: str) -> int:
	if currency == work.company.home_currency:
		return work.company.get_role(role)
	name = f"{home_name} - {currency}"
	kind = home_name.rpartition(" ")[0]
	owner = work.store.find_name_owner(work.company.key, "account", name)
	if owner:
		return int(owner[1])
	identifier = work.store.take_number(work.company.key, "Account")
	document = {
		"Name": name,
		"FullyQualifiedName": name,
		"Active": True,
		"SubAccount": False,
		"Classification": "Asset" if role == "receivable" else "Liability",
		"AccountType": kind,
		"AccountSubType": kind.replace(" ", ""),
		"CurrencyRef": {"value": currency, "name": CURRENCY_NAMES.get(currency, currency)},
	}
	columns = {"name": name, "active": 1}
	company = work.company
	work.store.insert(
		build_row(company.key, company.zone, "Account", identifier, document, columns, work.now)
	)
	work.store.take_name(company.key, "account", name, "Account", identifier)
	return identifier
