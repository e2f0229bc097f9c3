"""``POST /taxservice/taxcode``: makes a tax code with its rates. The answer is bare, without an envelope."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from qbo_emulator.entities import ENTITIES
from qbo_emulator.entities.naming import check_free_name
from qbo_emulator.faults import Fault, refuse_missing
from qbo_emulator.fields import ABSENT, COMMON, Choice, Many, Number, ReadOnly, Struct, Text
from qbo_emulator.operations import save
from qbo_emulator.work import Work, load_body, require_field

SCHEMA = Struct(
	**COMMON,
	TaxCode=Text(100),
	TaxCodeId=ReadOnly(),
	TaxRateDetails=Many(
		Struct(
			TaxRateName=Text(100), TaxRateId=Text(40), RateValue=Number("percent"), TaxAgencyId=Text(40),
			TaxApplicableOn=Choice("Sales", "Purchase"),
		)
	),
)  # fmt: skip
LISTS = {"Sales": "SalesTaxRateList", "Purchase": "PurchaseTaxRateList"}


def create_tax_code(work: Work, body: dict[str, Any]) -> dict[str, Any]:
	"""Create a code from new rates or, by TaxRateId, from those that exist; returns the answer's body.

	Raises 2020, 2500 for an unknown agency or rate, and 6240 for a name that is taken.
	"""
	cleaned = SCHEMA.read(body, "", work.company.knobs["unknown_properties"] == "ignored")
	cleaned = {} if cleaned is ABSENT else cleaned
	name = require_field(cleaned, "TaxCode")
	details = require_field(cleaned, "TaxRateDetails")
	check_free_name(work, "taxcode", name, "TaxCode", None)
	lists: dict[str, list[dict[str, Any]]] = {"Sales": [], "Purchase": []}
	answered = []
	for detail in details:
		rate, side = settle_rate(work, detail)
		entries = lists[side]
		entries.append(
			{
				"TaxRateRef": {"value": rate["Id"], "name": rate["Name"]},
				"TaxTypeApplicable": "TaxOnAmount",
				"TaxOrder": len(entries),
			}
		)
		answered.append(
			{
				"TaxRateName": rate["Name"],
				"TaxRateId": rate["Id"],
				"RateValue": rate["RateValue"],
				"TaxAgencyId": str(rate["AgencyRef"]["value"]),
				"TaxApplicableOn": side,
			}
		)
	document = {
		"Name": name, "Description": name, "Active": True, "Taxable": True, "TaxGroup": True,
		**{LISTS[side]: {"TaxRateDetail": entries} for side, entries in lists.items()},
	}  # fmt: skip
	identifier = create_row(work, "TaxCode", document)
	return {"TaxCode": name, "TaxCodeId": identifier, "TaxRateDetails": answered}


def settle_rate(work: Work, detail: dict[str, Any]) -> tuple[dict[str, Any], str]:
	"""Return the rate a detail names or describes, and the side it applies to."""
	side = detail.get("TaxApplicableOn", "Sales")
	if "TaxRateId" in detail:
		_row, rate = work.require("TaxRate", {"value": detail["TaxRateId"]}, "TaxRateDetails.TaxRateId")
		return rate, side
	for name in ("TaxRateName", "RateValue", "TaxAgencyId"):
		if name not in detail:
			raise refuse_missing(f"TaxRateDetails.{name}")
	if not Decimal(0) <= detail["RateValue"] <= 100:
		raise Fault("2090", "RateValue lies between 0 and 100", "TaxRateDetails.RateValue")
	check_free_name(work, "taxrate", detail["TaxRateName"], "TaxRate", None)
	_row, agency = work.require("TaxAgency", {"value": detail["TaxAgencyId"]}, "TaxRateDetails.TaxAgencyId")
	document = {
		"Name": detail["TaxRateName"],
		"Description": detail["TaxRateName"],
		"Active": True,
		"RateValue": detail["RateValue"],
		"AgencyRef": {"value": agency["Id"]},
		"SpecialTaxType": "NONE",
		"DisplayType": "ReadOnly",
	}
	row = work.get("TaxRate", create_row(work, "TaxRate", document))
	assert row is not None
	return load_body(row.body), side


def create_row(work: Work, entity: str, document: dict[str, Any]) -> str:
	"""Store a new record of a list that has no create of its own, and return its Id."""
	identifier = work.store.take_number(work.company.key, ENTITIES[entity].sequence)
	return str(save(work, ENTITIES[entity], identifier, document, None, None).id)
