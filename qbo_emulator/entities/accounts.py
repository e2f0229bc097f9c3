"""Account: the chart of accounts. Balances move by themselves; accounts are deactivated, never deleted."""

from __future__ import annotations

from typing import Any

from qbo_emulator.entities.account_types import (
	ACCOUNT_TYPES,
	CREDIT_SIDE,
	SUBTYPES,
	TYPE_OF_SUBTYPE,
	get_classification,
)
from qbo_emulator.entities.base import in_body
from qbo_emulator.entities.lists import NamedList
from qbo_emulator.entities.people import CURRENCY_NAMES
from qbo_emulator.faults import Fault, refuse_business
from qbo_emulator.fields import Choice, Flag, ReadOnly, Reference, Text
from qbo_emulator.money import from_cents
from qbo_emulator.store import Row
from qbo_emulator.work import Work

NUMBER_LENGTH = 20
"""Intuit's page says 7 for the US, UK and India; python-quickbooks' live tests store 11 in a US company."""


class Account(NamedList):
	name = "Account"
	forbidden = ':"\t\n\r'
	nested = True
	extra = {
		"AccountType": Choice(*ACCOUNT_TYPES),
		"AccountSubType": Choice(*TYPE_OF_SUBTYPE),
		"AcctNum": Text(NUMBER_LENGTH, ":"),
		"Description": Text(100),
		"SubAccount": Flag(),
		"CurrencyRef": Reference(),
		"TaxCodeRef": Reference(),
		"Classification": ReadOnly(),
		"CurrentBalance": ReadOnly(),
		"CurrentBalanceWithSubAccounts": ReadOnly(),
		"TxnLocationType": Text(50),
		"AccountAlias": ReadOnly(),
	}
	columns = {
		"AccountType": in_body("AccountType"),
		"AccountSubType": in_body("AccountSubType"),
		"AcctNum": in_body("AcctNum"),
		"Classification": in_body("Classification"),
		"SubAccount": in_body("SubAccount", "flag"),
		"CurrencyRef": in_body("CurrencyRef.value"),
	}
	renders = True

	def apply_rules(self, work: Work, document: dict[str, Any], previous: dict[str, Any] | None) -> None:
		self.settle_type(document)
		if previous and previous["AccountType"] != document["AccountType"]:
			self.check_type_change(work, document, previous)
		document["SubAccount"] = "ParentRef" in document
		if "ParentRef" in document:
			_row, parent = work.require("Account", document["ParentRef"], "ParentRef")
			if parent["AccountType"] != document["AccountType"]:
				raise refuse_business(
					f"A {document['AccountType']} account cannot stand below a {parent['AccountType']} account",
					"ParentRef",
				)
		if "TaxCodeRef" in document:
			document["TaxCodeRef"] = work.refer("TaxCode", document["TaxCodeRef"], "TaxCodeRef")
		self.settle_currency(work, document, previous)
		self.check_number(work, document, previous)

	def settle_type(self, document: dict[str, Any]) -> None:
		"""Complete type, subtype and classification from each other. Raises 6010 without either, 2110 if they disagree."""
		subtype = document.get("AccountSubType")
		kind = document.get("AccountType") or TYPE_OF_SUBTYPE.get(subtype or "")
		if kind is None:
			raise Fault("6010", "Account Type or Account Sub Type is required", "AccountType")
		if subtype and subtype not in SUBTYPES[kind]:
			raise Fault("2110", f"AccountSubType {subtype} does not belong to {kind}", "AccountSubType")
		document["AccountType"] = kind
		document["Classification"] = get_classification(kind)
		document.setdefault("AccountSubType", SUBTYPES[kind][0])

	def check_type_change(self, work: Work, document: dict[str, Any], previous: dict[str, Any]) -> None:
		"""Raise 6000 for accounts that QuickBooks itself posts to, and for receivables and payables, which have parties."""
		kinds = {previous["AccountType"], document["AccountType"]}
		is_own = previous["Id"] in work.company.definition["account_roles"].values()
		if is_own or kinds & {"Accounts Receivable", "Accounts Payable"}:
			detail = f"The type of {previous['Name']} cannot be changed to {document['AccountType']}"
			raise refuse_business(detail, "AccountType")

	def settle_currency(self, work: Work, document: dict[str, Any], previous: dict[str, Any] | None) -> None:
		"""Keep the currency given at creation; only accounts of the balance sheet may have a foreign one."""
		home = work.company.home_currency
		currency = document.get("CurrencyRef", {}).get("value", home).upper()
		if previous:
			currency = previous["CurrencyRef"]["value"]
		elif currency != home:
			if not work.company.get_preference("CurrencyPrefs", "MultiCurrencyEnabled"):
				raise refuse_business(f"Multicurrency is off; {currency} cannot be used", "CurrencyRef")
			if document["Classification"] not in ("Asset", "Liability"):
				raise refuse_business(
					f"An account of type {document['AccountType']} is kept in {home}", "CurrencyRef"
				)
		document["CurrencyRef"] = {"value": currency, "name": CURRENCY_NAMES.get(currency, currency)}

	def check_number(self, work: Work, document: dict[str, Any], previous: dict[str, Any] | None) -> None:
		number = document.get("AcctNum")
		if not number:
			return
		owners = work.store.find(
			work.company.key, "Account", "json_extract(body, '$.AcctNum') = ? AND active = 1", (number,)
		)
		if any(str(owner.id) != str((previous or {}).get("Id")) for owner in owners):
			raise refuse_business(f"Account number {number} is already in use", "AcctNum")

	def complete_definition(self, document: dict[str, Any]) -> dict[str, Any]:
		completed = super().complete_definition(document)
		self.settle_type(completed)
		completed.setdefault("SubAccount", "ParentRef" in document)
		return completed

	def render(self, row: Row, document: dict[str, Any]) -> dict[str, Any]:
		cents = row.balance or 0
		if document["Classification"] in CREDIT_SIDE:
			cents = -cents
		document["CurrentBalance"] = document["CurrentBalanceWithSubAccounts"] = from_cents(cents)
		return document
