"""Customer, Vendor and Employee: one name space, names built of parts, balances that move by themselves."""

from __future__ import annotations

from typing import Any

from qbo_emulator.entities.base import Column, Entity, in_body
from qbo_emulator.entities.lists import ACTIVE, NAME, WRITABLE_LIST
from qbo_emulator.entities.naming import (
	FORBIDDEN_IN_NAMES,
	check_free_name,
	place_under_parent,
	rename_by_activity,
)
from qbo_emulator.faults import Fault, refuse_business, refuse_missing
from qbo_emulator.fields import (
	ADDRESS,
	COMMON,
	EMAIL,
	PHONE,
	WEB_ADDRESS,
	Day,
	Flag,
	Number,
	ReadOnly,
	Reference,
	Struct,
	Text,
	check_email,
)
from qbo_emulator.money import from_cents
from qbo_emulator.party import add_with_jobs, list_ancestors
from qbo_emulator.store import Row
from qbo_emulator.work import Work, require_field

NAME_PARTS = ("Title", "GivenName", "MiddleName", "FamilyName", "Suffix")
CURRENCY_NAMES = {
	"USD": "United States Dollar",
	"EUR": "Euro",
	"GBP": "British Pound Sterling",
	"CAD": "Canadian Dollar",
	"AUD": "Australian Dollar",
	"MXN": "Mexican Peso",
	"JPY": "Japanese Yen",
}
PERSON_FIELDS = {
	**COMMON,
	"Title": Text(16, FORBIDDEN_IN_NAMES),
	"GivenName": Text(100, FORBIDDEN_IN_NAMES),
	"MiddleName": Text(100, FORBIDDEN_IN_NAMES),
	"FamilyName": Text(100, FORBIDDEN_IN_NAMES),
	"Suffix": Text(16, FORBIDDEN_IN_NAMES),
	"DisplayName": Text(100, FORBIDDEN_IN_NAMES),
	"PrintOnCheckName": Text(110, FORBIDDEN_IN_NAMES),
	"CompanyName": Text(100),
	"Active": Flag(),
	"PrimaryPhone": PHONE,
	"AlternatePhone": PHONE,
	"Mobile": PHONE,
	"Fax": PHONE,
	"PrimaryEmailAddr": EMAIL,
	"WebAddr": WEB_ADDRESS,
	"BillAddr": ADDRESS,
	"CurrencyRef": Reference(),
	"Notes": Text(2000),
	"Balance": ReadOnly(),
	"V4IDPseudonym": ReadOnly(),
	"ClientEntityId": ReadOnly(),
	"OtherContactInfo": ReadOnly(),
	"Source": ReadOnly(),
	"GSTIN": Text(15),
	"BusinessNumber": Text(20),
}


class Person(Entity):
	"""What customers and vendors have in common."""

	sequence = "Name"
	operations = WRITABLE_LIST
	has_active = True
	name_space = "person"
	renders = True
	nested = False
	columns = {
		"DisplayName": NAME,
		"Active": ACTIVE,
		"Balance": Column("balance", "money"),
		"CompanyName": in_body("CompanyName"),
		"GivenName": in_body("GivenName"),
		"MiddleName": in_body("MiddleName"),
		"FamilyName": in_body("FamilyName"),
		"PrintOnCheckName": in_body("PrintOnCheckName"),
		"PrimaryEmailAddr": in_body("PrimaryEmailAddr.Address"),
	}

	def prepare(self, work: Work, sent: dict[str, Any], previous: dict[str, Any] | None) -> dict[str, Any]:
		document = dict(sent)
		if "DisplayName" not in document:
			document["DisplayName"] = " ".join(document[part] for part in NAME_PARTS if part in document)
		if not document["DisplayName"].strip():
			raise Fault(
				"6080",
				"At least one of DisplayName, Title, GivenName, MiddleName, FamilyName, Suffix is required",
			)
		if len(document["DisplayName"]) > 100:
			length = len(document["DisplayName"])
			detail = f"String length specified does not match the supported length. Min:1, Max:100, supplied:{length}"
			raise Fault("2050", detail, "DisplayName")
		check_email(document.get("PrimaryEmailAddr"), "PrimaryEmailAddr")
		became_inactive = previous and previous.get("Active", True) and document.get("Active") is False
		if became_inactive and self.has_balance(work, previous["Id"]):
			raise Fault("6220", "A name with an open balance cannot be made inactive", "Active")
		rename_by_activity(work, self.name_space, document, previous, "DisplayName")
		document.setdefault("PrintOnCheckName", document.get("CompanyName", document["DisplayName"]))
		self.set_currency(work, document, previous)
		self.apply_rules(work, document, previous)
		check_free_name(work, "person", document["DisplayName"], self.name, (previous or {}).get("Id"))
		return document

	def apply_rules(self, work: Work, document: dict[str, Any], previous: dict[str, Any] | None) -> None:
		"""Check and complete what is special to customers or vendors."""

	def has_balance(self, work: Work, identifier: str) -> bool:
		row = work.get(self.name, identifier)
		return bool(row and row.balance)

	def set_currency(self, work: Work, document: dict[str, Any], previous: dict[str, Any] | None) -> None:
		"""Keep the currency given at creation; the home currency where none was given."""
		home = work.company.home_currency
		currency = document.get("CurrencyRef", {}).get("value", home).upper()
		if previous:
			currency = previous["CurrencyRef"]["value"]
		elif currency != home and not work.company.get_preference("CurrencyPrefs", "MultiCurrencyEnabled"):
			raise refuse_business(f"Multicurrency is off; {currency} cannot be used", "CurrencyRef")
		document["CurrencyRef"] = {"value": currency, "name": CURRENCY_NAMES.get(currency, currency)}

	def get_unique_name(self, document: dict[str, Any]) -> str:
		return document["DisplayName"]

	def build_columns(self, document: dict[str, Any]) -> dict[str, Any]:
		return {"name": document["DisplayName"], "active": int(document.get("Active", True))}

	def complete_definition(self, document: dict[str, Any]) -> dict[str, Any]:
		return {
			"Active": True,
			"FullyQualifiedName": document["DisplayName"],
			**document,
		}

	def render(self, row: Row, document: dict[str, Any]) -> dict[str, Any]:
		document["Balance"] = from_cents(row.balance or 0)
		return document


CUSTOMER_REFERENCES = {
	"SalesTermRef": "Term",
	"PaymentMethodRef": "PaymentMethod",
	"CustomerTypeRef": "CustomerType",
	"DefaultTaxCodeRef": "TaxCode",
}


def refer_party_account(work: Work, document: dict[str, Any], name: str, kind: str) -> None:
	"""Check the account that a name's debts stand on: of this type, and in its currency. Raises 2500, 6430 or 6000."""
	if name not in document:
		return
	_row, account = work.require("Account", document[name], name)
	if account["AccountType"] != kind:
		raise Fault(
			"6430", f"{account['Name']} is of type {account['AccountType']}; {name} needs {kind}", name
		)
	currency = document["CurrencyRef"]["value"]
	if account["CurrencyRef"]["value"] != currency:
		raise refuse_business(f"{account['Name']} is not kept in {currency}", name)
	document[name] = {"value": account["Id"], "name": account["FullyQualifiedName"]}


class Customer(Person):
	name = "Customer"
	nested_by = "DisplayName"
	schema = Struct(
		**PERSON_FIELDS,
		ShipAddr=ADDRESS,
		Taxable=Flag(),
		DefaultTaxCodeRef=Reference(),
		SalesTermRef=Reference(),
		PaymentMethodRef=Reference(),
		CustomerTypeRef=Reference(),
		ParentRef=Reference(),
		ARAccountRef=Reference(),
		Job=Flag(),
		BillWithParent=Flag(),
		IsProject=Flag(),
		FullyQualifiedName=ReadOnly(),
		Level=ReadOnly(),
		BalanceWithJobs=ReadOnly(),
		OpenBalanceDate=Day(),
		PreferredDeliveryMethod=Text(20),
		ResaleNum=Text(16),
		PrimaryTaxIdentifier=Text(20),
		SecondaryTaxIdentifier=Text(20),
		TaxExemptionReasonId=Text(2),
		GSTRegistrationType=Text(15),
		CustomField=ReadOnly(),
		ContactName=ReadOnly(),
	)
	columns = {
		**Person.columns,
		"FullyQualifiedName": in_body("FullyQualifiedName"),
		"Job": in_body("Job", "flag"),
		"ParentRef": in_body("ParentRef.value", "reference"),
		"SalesTermRef": in_body("SalesTermRef.value", "reference"),
		"Taxable": in_body("Taxable", "flag"),
	}

	def apply_rules(self, work: Work, document: dict[str, Any], previous: dict[str, Any] | None) -> None:
		document.setdefault("Taxable", True)
		document.setdefault("PreferredDeliveryMethod", "None")
		document["Job"] = bool("ParentRef" in document and document.get("Job", True))
		document.setdefault("BillWithParent", False)
		for name, entity in CUSTOMER_REFERENCES.items():
			if name in document:
				document[name] = work.refer(entity, document[name], name)
		refer_party_account(work, document, "ARAccountRef", "Accounts Receivable")
		place_under_parent(work, "Customer", document, "DisplayName", previous)

	def render(self, row: Row, document: dict[str, Any]) -> dict[str, Any]:
		document["Balance"] = from_cents(row.balance or 0)
		document["BalanceWithJobs"] = from_cents(row.total or 0)
		return document

	def record_effects(
		self, work: Work, row: Row, document: dict[str, Any], previous: dict[str, Any] | None
	) -> None:
		"""Carry what a customer and its sub-customers owe from its former parents to its new ones."""
		if previous is None or previous.get("ParentRef") == document.get("ParentRef"):
			return
		for body, sign in ((previous, -1), (document, 1)):
			if "ParentRef" in body:
				parent = int(body["ParentRef"]["value"])
				for ancestor in (parent, *list_ancestors(work, "Customer", parent)):
					add_with_jobs(work, ancestor, sign * (row.total or 0))


class Vendor(Person):
	name = "Vendor"
	schema = Struct(
		**PERSON_FIELDS,
		Vendor1099=Flag(),
		AcctNum=Text(100),
		TermRef=Reference(),
		APAccountRef=Reference(),
		TaxIdentifier=Text(20),
		TaxReportingBasis=Text(20),
		BillRate=Number(),
		CostRate=Number(),
		HasTPAR=Flag(),
		VendorPaymentBankDetail=ReadOnly(),
		T4AEligible=ReadOnly(),
		T5018Eligible=ReadOnly(),
	)

	def apply_rules(self, work: Work, document: dict[str, Any], previous: dict[str, Any] | None) -> None:
		document.setdefault("Vendor1099", False)
		if "TermRef" in document:
			document["TermRef"] = work.refer("Term", document["TermRef"], "TermRef")
		refer_party_account(work, document, "APAccountRef", "Accounts Payable")
		if "TaxIdentifier" in document and not document["TaxIdentifier"].startswith("XX"):
			document["TaxIdentifier"] = "XXXXXXX" + document["TaxIdentifier"][-4:]


class Employee(Person):
	"""Its record; where payroll is on it needs an address. Nothing is paid."""

	name = "Employee"
	renders = False
	schema = Struct(
		**PERSON_FIELDS,
		PrimaryAddr=ADDRESS,
		EmployeeNumber=Text(100),
		SSN=Text(20),
		Gender=Text(10),
		BirthDate=Day(),
		HiredDate=Day(),
		ReleasedDate=Day(),
		BillableTime=Flag(),
		BillRate=Number(),
		CostRate=Number(),
		Organization=ReadOnly(),
		HiredStatus=ReadOnly(),
	)

	def apply_rules(self, work: Work, document: dict[str, Any], previous: dict[str, Any] | None) -> None:
		if "GivenName" not in document and "FamilyName" not in document:
			raise refuse_missing("GivenName")
		document.setdefault("BillableTime", False)
		if work.company.uses_payroll:
			require_field(document, "PrimaryAddr")
		if document.get("ReleasedDate", document.get("HiredDate", "")) < document.get("HiredDate", ""):
			raise refuse_business("An employee is released after being hired", "ReleasedDate")
		if "SSN" in document:
			document["SSN"] = "XXX-XX-XXXX"
