"""Reads company files: a shipped company's name or a JSON file, and what is wrong with it in a sentence."""

from __future__ import annotations

import json
from importlib import resources
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from qbo_emulator.knobs import check_changes

LIST_SECTIONS = {
	"currencies": "CompanyCurrency",
	"accounts": "Account",
	"terms": "Term",
	"classes": "Class",
	"departments": "Department",
	"payment_methods": "PaymentMethod",
	"customer_types": "CustomerType",
	"tax_agencies": "TaxAgency",
	"tax_rates": "TaxRate",
	"tax_codes": "TaxCode",
	"customers": "Customer",
	"vendors": "Vendor",
	"employees": "Employee",
	"items": "Item",
	"exchange_rates": "ExchangeRate",
	"budgets": "Budget",
}
"""Sections of a company file and the entity they hold, in the order in which they are loaded."""
SHAPES: dict[str, type | tuple[type, ...]] = {
	"realm_id": (str, int),
	"time_zone": str,
	"first_doc_number": int,
	"company_info": dict,
	"preferences": dict,
	"custom_fields": list,
	"account_roles": dict,
	"automated_sales_tax": dict,
	"unrecoverable_tax_rates": list,
	"closing_password": str,
	"apps": list,
	"knobs": dict,
	**dict.fromkeys(LIST_SECTIONS, list),
	"transactions": list,
	"state": dict,
}
"""Keys of a company file and what each holds."""
REQUIRED = ("realm_id", "company_info", "preferences", "accounts", "account_roles")
ROLES = (
	"receivable", "payable", "sales_tax", "undeposited_funds", "shipping_income", "discounts_given",
	"opening_balance_equity", "exchange_gain_or_loss",
)  # fmt: skip
"""Accounts that QuickBooks itself posts to."""


class CompanyFileError(Exception):
	"""A company file that cannot be used; the message says which and why."""


def read_company_file(name_or_path: str) -> dict[str, Any]:
	"""Return the definition from a shipped company's name or a JSON file. Raises CompanyFileError."""
	shipped = resources.files("qbo_emulator").joinpath("companies")
	file = shipped.joinpath(f"{name_or_path}.json")
	try:
		if "/" not in name_or_path and file.is_file():
			text = file.read_text(encoding="utf-8")
		else:
			text = Path(name_or_path).read_text(encoding="utf-8")
		definition = json.loads(text)
	except OSError as error:
		names = ", ".join(sorted(one.name.removesuffix(".json") for one in shipped.iterdir()))
		raise CompanyFileError(
			f"Company file {name_or_path} cannot be read: {error.strerror}. Shipped companies: {names}."
		) from error
	except ValueError as error:
		raise CompanyFileError(f"Company file {name_or_path} is not JSON: {error}.") from error
	complaint = find_fault(definition)
	if complaint:
		raise CompanyFileError(f"Company file {name_or_path} {complaint}.")
	return definition


def find_fault(definition: Any) -> str | None:
	"""Return what is wrong with a definition as the rest of a sentence, None for a good one."""
	if not isinstance(definition, dict):
		return "does not hold an object"
	missing = [key for key in REQUIRED if key not in definition]
	if missing:
		return f"lacks: {', '.join(missing)}"
	for key, value in definition.items():
		if key not in SHAPES:
			return f"has the unknown key {key}; known are: {', '.join(SHAPES)}"
		if not isinstance(value, SHAPES[key]):
			return f"has something else than is expected in {key}"
		if key in (*LIST_SECTIONS, "transactions") and not all(isinstance(one, dict) for one in value):
			return f"has something else than objects in {key}"
	if not str(definition["realm_id"]).isalnum():
		return "has a realm_id with other characters than letters and digits"
	return find_fault_of_roles(definition) or find_fault_of_settings(definition)


def find_fault_of_roles(definition: dict[str, Any]) -> str | None:
	known = {str(account.get("Id")) for account in definition["accounts"]}
	for role in ROLES:
		if role not in definition["account_roles"]:
			return f"names no account for {role} in account_roles"
		if str(definition["account_roles"][role]) not in known:
			return f"names an account for {role} that is not among its accounts"
	return None


def find_fault_of_settings(definition: dict[str, Any]) -> str | None:
	try:
		ZoneInfo(definition.get("time_zone", "UTC"))
	except (ValueError, OSError, KeyError):  # ZoneInfoNotFoundError is a KeyError
		return f"has the time_zone {definition['time_zone']}, which does not exist"
	try:
		check_changes(definition.get("knobs", {}))
	except ValueError as error:
		return f"has knobs that cannot be turned: {str(error).rstrip('.')}"
	return None
