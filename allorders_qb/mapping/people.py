"""What customers and vendors have in common, both ways. Source: Intuit's Customer and Vendor pages."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from allorders_qb.mapping.errors import MappingError
from allorders_qb.mapping.limits import LIMITS, check_length
from allorders_qb.mapping.names import clean_line, clean_text, sanitise_name
from allorders_qb.mapping.neutral import (
	CHECK,
	CODE,
	NAME,
	REFERENCE,
	TEXT,
	TICKED,
	ListField,
	read_check,
	read_text,
)
from allorders_qb.mapping.parts import Around, Part
from allorders_qb.mapping.refs import build_address, make_ref

DELETED_SUFFIX = " (deleted)"
"""What QuickBooks puts behind the name of a record that was made inactive, so that the name is free again."""

_EMAIL = re.compile(r"[^@\s,;]+@[^@\s,;]+\.[^@\s,;]+\Z")
_ADDRESS = (
	("line1", "Line1", "Address Line 1"),
	("line2", "Line2", "Address Line 2"),
	("city", "City", "City"),
	("state", "CountrySubDivisionCode", "State / Province"),
	("postal_code", "PostalCode", "Postal Code"),
	("country", "Country", "Country"),
)
FURTHER_LINES = ("Line3", "Line4", "Line5")
"""Our address has two lines, QuickBooks' five: the others are read as part of the second, and kept while it stays."""

NAME_PARTS = ("GivenName", "MiddleName", "FamilyName")


def list_address_fields(prefix: str, label: str) -> tuple[ListField, ...]:
	"""Return the neutral fields of one address; `prefix` is bill_to, ship_to or address."""
	return tuple(ListField(f"{prefix}_{name}", f"{label} {text}", TEXT) for name, _key, text in _ADDRESS)


INACTIVE = ListField("inactive", "Inactive", CHECK)
CURRENCY = ListField("currency", "Currency", CODE, silent=True, reported=True)
TERMS = ListField("terms", "Terms", REFERENCE)
PERSON_FIELDS = (
	ListField("company_name", "Company Name", NAME),
	ListField("contact_name", "Contact", NAME),
	ListField("email", "Email"),
	ListField("phone", "Phone"),
)


def read_person(remote: Mapping[str, Any]) -> dict[str, str]:
	"""Return the neutral values that customers and vendors share, from the object as QuickBooks gives it."""
	return {
		"company_name": read_text(remote.get("CompanyName")),
		"contact_name": " ".join(filter(None, (clean_line(remote.get(part)) for part in NAME_PARTS))),
		"email": read_text((remote.get("PrimaryEmailAddr") or {}).get("Address")),
		"phone": read_text((remote.get("PrimaryPhone") or {}).get("FreeFormNumber")),
		"notes": read_text(remote.get("Notes")),
		"currency": str((remote.get("CurrencyRef") or {}).get("value") or ""),
		"inactive": "" if read_check(remote.get("Active", True)) else TICKED,
	}


def read_name(remote: Mapping[str, Any], key: str) -> str:
	"""Return a record's own name, without what QuickBooks adds to an inactive one's."""
	name = read_text(remote.get(key))
	return name.removesuffix(DELETED_SUFFIX) if not read_check(remote.get("Active", True)) else name


def read_address(remote: Mapping[str, Any], key: str, prefix: str) -> dict[str, str]:
	"""Return the six neutral values of an address; lines three to five belong to our second."""
	address = remote.get(key) or {}
	values = {f"{prefix}_{name}": clean_line(address.get(theirs)) for name, theirs, _label in _ADDRESS}
	lines = [values[f"{prefix}_line2"], *(clean_line(address.get(line)) for line in FURTHER_LINES)]
	values[f"{prefix}_line2"] = ", ".join(filter(None, lines))
	return values


def make_name_part(field: str, label: str, key: str = "DisplayName") -> Part:
	"""Return the part of the name; a record that becomes active again says its name again."""

	def build(record: Any, around: Around) -> dict[str, Any]:
		return {key: sanitise_name(record.name, field=label, about=around.about)}

	return Part((field, "inactive"), build)


def make_address_part(attribute: str, key: str, label: str) -> Part:
	"""Return the part of one address, which goes whole: QuickBooks keeps nothing of an address it is not told."""
	fields = tuple(f"{attribute}_{name}" for name, _key, _label in _ADDRESS)

	def build(record: Any, around: Around) -> dict[str, Any]:
		built = build_address(getattr(record, attribute), label, about=around.about)
		current = (around.current or {}).get(key) or {}
		if built and around.changed is not None and f"{attribute}_line2" not in around.changed:
			built = {line: text for line, text in built.items() if line != "Line2"}
			built.update({line: current[line] for line in ("Line2", *FURTHER_LINES) if current.get(line)})
		return {key: built}

	return Part(fields, build)


def build_company_name(record: Any, around: Around) -> dict[str, Any]:
	name = clean_line(record.company_name)
	return {"CompanyName": sanitise_name(name, field="Company Name", about=around.about) if name else None}


def build_contact(record: Any, around: Around) -> dict[str, Any]:
	"""QuickBooks keeps a contact as given and family name: the last word is the family name."""
	name = clean_line(record.contact_name)
	given, _, family = name.rpartition(" ")
	parts = {"GivenName": given or family, "MiddleName": "", "FamilyName": family if given else ""}
	return {
		key: sanitise_name(value, LIMITS["person_name"], field="Contact Name", about=around.about)
		if value
		else None
		for key, value in parts.items()
	}


def build_email(record: Any, around: Around) -> dict[str, Any]:
	email = clean_line(record.email)
	if not email:
		return {"PrimaryEmailAddr": None}
	if not _EMAIL.match(email):
		raise MappingError(
			f'{around.about}, Email: "{email}" is not one e-mail address. Correct it or leave it empty.',
			field="Email",
		)
	return {
		"PrimaryEmailAddr": {"Address": check_length("Email", email, LIMITS["email"], about=around.about)}
	}


def build_phone(record: Any, around: Around) -> dict[str, Any]:
	phone = clean_line(record.phone)
	if not phone:
		return {"PrimaryPhone": None}
	return {
		"PrimaryPhone": {"FreeFormNumber": check_length("Phone", phone, LIMITS["phone"], about=around.about)}
	}


def build_notes(record: Any, around: Around) -> dict[str, Any]:
	notes = clean_text(record.notes)
	return {
		"Notes": check_length("Notes", notes, LIMITS["customer_notes"], about=around.about) if notes else None
	}


def build_activity(record: Any, around: Around) -> dict[str, Any]:
	return {"Active": not record.inactive}


PERSON_PARTS = (
	Part(("company_name",), build_company_name),
	Part(("contact_name",), build_contact),
	Part(("email",), build_email),
	Part(("phone",), build_phone),
	Part(("notes",), build_notes),
)
ACTIVITY_PART = Part(("inactive",), build_activity)


def build_currency(record: Any, around: Around, kind: str) -> dict[str, Any]:
	"""Return the currency of a new record: QuickBooks never lets it change. `kind` is what a refusal calls the record."""
	company = around.company
	currency = record.currency or company.home_currency
	if company.multicurrency:
		return {"CurrencyRef": make_ref(currency)}
	if currency != company.home_currency:
		raise MappingError(
			f"{around.about}, Currency: {currency} needs multicurrency, which QuickBooks has switched off (its currency "
			f"is {company.home_currency}). Switch it on in QuickBooks or change the {kind}'s currency.",
			field="Currency",
		)
	return {}
