"""A customer as QuickBooks wants it, and back. Source: Intuit's Customer page."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from allorders_qb.mapping.company import CompanyProfile
from allorders_qb.mapping.neutral import NAME, REFERENCE, TEXT, ListField, read_check, read_ref
from allorders_qb.mapping.parts import Around, Part, build_new, build_update
from allorders_qb.mapping.people import (
	ACTIVITY_PART,
	CURRENCY,
	INACTIVE,
	PERSON_FIELDS,
	PERSON_PARTS,
	TERMS,
	build_currency,
	list_address_fields,
	make_address_part,
	make_name_part,
	read_address,
	read_name,
	read_person,
)
from allorders_qb.mapping.posting import CustomerRecord, References
from allorders_qb.mapping.refs import find_ref, make_ref
from allorders_qb.mapping.same import same_values

__all__ = ["FIELDS", "build_customer", "read_customer", "same_values"]

TAXABLE, EXEMPT = "TAX", "NON"
"""What a US company's Taxable flag is called in its list of tax codes: the ids of both."""

FIELDS = (
	ListField("customer_name", "Customer", NAME),
	ListField("parent_customer", "Parent Customer", REFERENCE),
	ListField("customer_type", "Customer Type", REFERENCE),
	*PERSON_FIELDS,
	TERMS,
	CURRENCY,
	ListField("tax_code", "Tax Code", REFERENCE, silent=True),
	*list_address_fields("bill_to", "Bill To"),
	*list_address_fields("ship_to", "Ship To"),
	ListField("notes", "Notes", TEXT),
	INACTIVE,
)


def read_customer(remote: Mapping[str, Any], company: CompanyProfile) -> dict[str, str]:
	"""Return the neutral record of a customer as QuickBooks gives it; references are ids."""
	taxed = company.is_us and company.using_sales_tax and "Taxable" in remote
	return {
		"customer_name": read_name(remote, "DisplayName"),
		"parent_customer": read_ref(remote, "ParentRef"),
		"customer_type": read_ref(remote, "CustomerTypeRef"),
		**read_person(remote),
		"terms": read_ref(remote, "SalesTermRef"),
		"tax_code": (TAXABLE if read_check(remote["Taxable"]) else EXEMPT) if taxed else "",
		**read_address(remote, "BillAddr", "bill_to"),
		**read_address(remote, "ShipAddr", "ship_to"),
	}


def build_customer(
	record: CustomerRecord,
	references: References,
	company: CompanyProfile,
	current: Mapping[str, Any] | None = None,
	changed: Collection[str] | None = None,
) -> dict[str, Any]:
	"""Return the payload that creates a customer, or updates `current` (the object as QuickBooks has it).

	`changed`: the fields that an update is about, all without it. A currency is set only at creation. Raises
	MappingError naming the field.
	"""
	around = Around(
		references,
		company,
		f"Customer {record.name}",
		current,
		None if changed is None else frozenset(changed),
	)
	if current is not None:
		return build_update((*_PARTS, ACTIVITY_PART), record, around, current, changed)
	return {**build_new(_PARTS, record, around), **build_currency(record, around, "customer")}


def _build_parent(record: CustomerRecord, around: Around) -> dict[str, Any]:
	"""Job and who gets the bill are QuickBooks' own matter once the customer is there."""
	if not record.parent:
		return {"ParentRef": None} if around.current is None else {"ParentRef": None, "Job": None}
	parent = find_ref(around.references.customers, record.parent, "Parent Customer", about=around.about)
	return {"ParentRef": parent, "Job": True}


def _build_type(record: CustomerRecord, around: Around) -> dict[str, Any]:
	"""Types can't be made through the API: one that QuickBooks does not have is ours alone."""
	if not record.customer_type:
		return {"CustomerTypeRef": None}
	known = around.references.customer_types.get(record.customer_type)
	return {"CustomerTypeRef": make_ref(known)} if known else {}


def _build_terms(record: CustomerRecord, around: Around) -> dict[str, Any]:
	if not record.terms:
		return {"SalesTermRef": None}
	return {"SalesTermRef": find_ref(around.references.terms, record.terms, "Terms", about=around.about)}


def _build_tax(record: CustomerRecord, around: Around) -> dict[str, Any]:
	company = around.company
	if not (company.is_us and company.using_sales_tax and record.tax_code):
		return {}
	return {"Taxable": around.references.tax_codes.get(record.tax_code, record.tax_code) != EXEMPT}


_PARTS = (
	make_name_part("customer_name", "Customer Name"),
	Part(("parent_customer",), _build_parent),
	Part(("customer_type",), _build_type),
	*PERSON_PARTS,
	make_address_part("bill_to", "BillAddr", "Bill To"),
	make_address_part("ship_to", "ShipAddr", "Ship To"),
	Part(("terms",), _build_terms),
	Part(("tax_code",), _build_tax),
)
