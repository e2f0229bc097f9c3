"""Tax codes and rates: read and query only. The US pseudo-codes TAX and NON have their name as Id."""

from __future__ import annotations

from typing import Any

from qbo_emulator.entities.base import Column, Entity, in_body


class TaxList(Entity):
	has_active = True
	columns = {"Name": Column("name", "text"), "Active": Column("active", "flag")}

	def build_columns(self, document: dict[str, Any]) -> dict[str, Any]:
		return {"name": document["Name"], "active": int(document.get("Active", True))}

	def complete_definition(self, document: dict[str, Any]) -> dict[str, Any]:
		return {"Active": True, **document}


class TaxCode(TaxList):
	name = sequence = "TaxCode"
	columns = {**TaxList.columns, "Taxable": in_body("Taxable", "flag")}


class TaxRate(TaxList):
	name = sequence = "TaxRate"
