"""A customer as QuickBooks wants it. Source: Intuit's Customer page."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from allorders_qb.mapping.company import CompanyProfile
from allorders_qb.mapping.errors import MappingError
from allorders_qb.mapping.limits import LIMITS, check_length
from allorders_qb.mapping.names import clean_line, clean_text, sanitise_name
from allorders_qb.mapping.posting import CustomerRecord, References
from allorders_qb.mapping.refs import build_address, find_ref, make_ref
from allorders_qb.mapping.same import same_values

__all__ = ["build_customer", "same_values"]

_EMAIL = re.compile(r"[^@\s,;]+@[^@\s,;]+\.[^@\s,;]+\Z")


def build_customer(
	record: CustomerRecord,
	references: References,
	company: CompanyProfile,
	current: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
	"""Return the payload that creates a customer, or sparsely updates `current` (the object as QuickBooks has it).

	A currency is set only at creation: QuickBooks never lets it change. Raises MappingError naming the field.
	"""
	about = f"Customer {record.name}"
	payload: dict[str, Any] = {"DisplayName": sanitise_name(record.name, field="Customer Name", about=about)}
	if company_name := clean_line(record.company_name):
		payload["CompanyName"] = sanitise_name(company_name, field="Company Name", about=about)
	payload.update(_build_person(record.contact_name, about))
	if email := clean_line(record.email):
		if not _EMAIL.match(email):
			raise MappingError(
				f'{about}, Email: "{email}" is not one e-mail address. Correct it or leave it empty.',
				field="Email",
			)
		payload["PrimaryEmailAddr"] = {"Address": check_length("Email", email, LIMITS["email"], about=about)}
	if phone := clean_line(record.phone):
		payload["PrimaryPhone"] = {
			"FreeFormNumber": check_length("Phone", phone, LIMITS["phone"], about=about)
		}
	if address := build_address(record.bill_to, "Bill To", about=about):
		payload["BillAddr"] = address
	if address := build_address(record.ship_to, "Ship To", about=about):
		payload["ShipAddr"] = address
	if record.terms:
		payload["SalesTermRef"] = find_ref(references.terms, record.terms, "Terms", about=about)
	if company.is_us and company.using_sales_tax and record.tax_code:
		payload["Taxable"] = references.tax_codes.get(record.tax_code, record.tax_code) != "NON"
	if notes := clean_text(record.notes):
		payload["Notes"] = check_length("Notes", notes, LIMITS["customer_notes"], about=about)
	if current is not None:
		return {
			**payload,
			"Id": current["Id"],
			"SyncToken": current["SyncToken"],
			"sparse": True,
			"Active": not record.inactive,
		}
	payload.update(_build_currency(record, company, about))
	return payload


def _build_person(contact_name: str, about: str) -> dict[str, str]:
	"""QuickBooks keeps a contact as given and family name: the last word is the family name."""
	name = clean_line(contact_name)
	if not name:
		return {}
	given, _, family = name.rpartition(" ")
	parts = {"GivenName": given or family, "FamilyName": family if given else ""}
	return {
		key: sanitise_name(value, LIMITS["person_name"], field="Contact Name", about=about)
		for key, value in parts.items()
		if value
	}


def _build_currency(record: CustomerRecord, company: CompanyProfile, about: str) -> dict[str, Any]:
	currency = record.currency or company.home_currency
	if company.multicurrency:
		return {"CurrencyRef": make_ref(currency)}
	if currency != company.home_currency:
		raise MappingError(
			f"{about}, Currency: {currency} needs multicurrency, which QuickBooks has switched off (its currency is "
			f"{company.home_currency}). Switch it on in QuickBooks or change the customer's currency.",
			field="Currency",
		)
	return {}
