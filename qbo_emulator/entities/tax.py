"""Tax codes, rates and agencies. The US pseudo-codes TAX and NON have their name as Id.

Codes and rates are read and queried; ``POST /taxservice/taxcode`` makes them. Agencies are created, and never changed.
"""

from __future__ import annotations

from typing import Any

from qbo_emulator.entities.base import Column, Entity, in_body
from qbo_emulator.entities.company_lists import OwnersList
from qbo_emulator.entities.naming import check_free_name
from qbo_emulator.fields import COMMON, Flag, ReadOnly, Struct, Text
from qbo_emulator.work import Work, require_field


class TaxCode(OwnersList):
	name = sequence = "TaxCode"
	name_space = "taxcode"
	columns = {**OwnersList.columns, "Taxable": in_body("Taxable", "flag")}


class TaxRate(OwnersList):
	name = sequence = "TaxRate"
	name_space = "taxrate"


class TaxAgency(Entity):
	name = sequence = "TaxAgency"
	operations = frozenset({"read", "query", "create"})
	name_space = "taxagency"
	schema = Struct(
		**COMMON,
		DisplayName=Text(100),
		TaxRegistrationNumber=Text(100),
		TaxTrackedOnSales=Flag(),
		TaxTrackedOnPurchases=Flag(),
		LastFileDate=ReadOnly(),
		TaxAgencyConfig=ReadOnly(),
	)
	columns = {"DisplayName": Column("name", "text"), "Name": Column("name", "text")}

	def prepare(self, work: Work, sent: dict[str, Any], previous: dict[str, Any] | None) -> dict[str, Any]:
		require_field(sent, "DisplayName")
		check_free_name(work, "taxagency", sent["DisplayName"], self.name, None)
		return self.complete_definition(sent)

	def complete_definition(self, document: dict[str, Any]) -> dict[str, Any]:
		return {
			"TaxTrackedOnSales": True,
			"TaxTrackedOnPurchases": False,
			"TaxAgencyConfig": "USER_DEFINED",
			**document,
		}

	def get_unique_name(self, document: dict[str, Any]) -> str:
		return document["DisplayName"]

	def build_columns(self, document: dict[str, Any]) -> dict[str, Any]:
		return {"name": document["DisplayName"]}
