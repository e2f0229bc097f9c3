"""Lists that the company's owner keeps: currencies, customer types, budgets. Most are read and queried only."""

from __future__ import annotations

from typing import Any

from qbo_emulator.entities.base import Column, Entity, in_body
from qbo_emulator.entities.lists import ACTIVE, NAME, WRITABLE_LIST
from qbo_emulator.entities.people import CURRENCY_NAMES
from qbo_emulator.faults import Fault, refuse_business
from qbo_emulator.fields import COMMON, Flag, ReadOnly, Struct, Text
from qbo_emulator.work import Work, require_field


class OwnersList(Entity):
	"""Made in QuickBooks' own pages; a client reads and queries it. Company files and the control API fill it."""

	has_active = True
	schema = Struct(**COMMON, Name=Text(100), Active=Flag())
	columns = {"Name": NAME, "Active": ACTIVE}

	def build_columns(self, document: dict[str, Any]) -> dict[str, Any]:
		return {"name": document["Name"], "active": int(document.get("Active", True))}

	def complete_definition(self, document: dict[str, Any]) -> dict[str, Any]:
		return {"Active": True, **document}

	def get_unique_name(self, document: dict[str, Any]) -> str:
		return document["Name"]


class CustomerType(OwnersList):
	name = sequence = "CustomerType"
	name_space = "customertype"


class Budget(OwnersList):
	name = sequence = "Budget"
	name_space = "budget"
	schema = Struct(
		**COMMON, Name=Text(100), Active=Flag(),
		**dict.fromkeys(("StartDate", "EndDate", "BudgetType", "BudgetEntryType", "BudgetDetail"), ReadOnly()),
	)  # fmt: skip
	columns = {
		**OwnersList.columns,
		"BudgetType": in_body("BudgetType"),
		"StartDate": in_body("StartDate", "date"),
		"EndDate": in_body("EndDate", "date"),
	}


class CompanyCurrency(Entity):
	"""A foreign currency that the company uses; only where multicurrency is on."""

	name = sequence = "CompanyCurrency"
	operations = WRITABLE_LIST
	has_active = True
	name_space = "companycurrency"
	schema = Struct(
		**COMMON, Code=Text(3, min_length=3), Name=Text(100), Active=Flag(), CustomField=ReadOnly()
	)
	columns = {"Code": Column("name", "text"), "Name": in_body("Name"), "Active": ACTIVE}

	def prepare(self, work: Work, sent: dict[str, Any], previous: dict[str, Any] | None) -> dict[str, Any]:
		if not work.company.get_preference("CurrencyPrefs", "MultiCurrencyEnabled"):
			raise refuse_business("Multicurrency is off in this company", "Code")
		code = str(require_field(sent, "Code")).upper()
		if len(code) != 3 or not code.isalpha() or not code.isascii():
			raise Fault("2110", f"Code does not allow {code!r}", "Code")
		if previous and code != previous["Code"]:
			raise refuse_business("The code of a currency cannot be changed", "Code")
		owner = work.store.find_name_owner(work.company.key, "companycurrency", code)
		if code == work.company.home_currency or (owner and not previous):
			raise Fault("6240", f"The name supplied already exists. : The company uses {code} already.")
		return {
			"Active": True,
			**sent,
			"Code": code,
			"Name": sent.get("Name") or CURRENCY_NAMES.get(code, code),
		}

	def get_unique_name(self, document: dict[str, Any]) -> str:
		return document["Code"]

	def build_columns(self, document: dict[str, Any]) -> dict[str, Any]:
		return {"name": document["Code"], "active": int(document.get("Active", True))}

	def complete_definition(self, document: dict[str, Any]) -> dict[str, Any]:
		return {"Active": True, "Name": CURRENCY_NAMES.get(document["Code"], document["Code"]), **document}
