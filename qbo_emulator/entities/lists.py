"""The small lists: Account, Term, Class, Department, PaymentMethod."""

from __future__ import annotations

from typing import Any

from qbo_emulator.entities.base import Column, Entity, in_body
from qbo_emulator.entities.naming import check_free_name, place_under_parent, rename_by_activity
from qbo_emulator.faults import Fault
from qbo_emulator.fields import COMMON, Choice, Field, Flag, Number, ReadOnly, Reference, Struct, Text, Whole
from qbo_emulator.money import from_cents
from qbo_emulator.store import Row
from qbo_emulator.work import Work, require_field

NAME = Column("name", "text")
ACTIVE = Column("active", "flag")
WRITABLE_LIST = frozenset({"read", "query", "create", "update"})


class NamedList(Entity):
	"""A list whose records have a unique Name and can be made inactive."""

	name_length = 100
	forbidden = ":\t\n\r"
	extra: dict[str, Field] = {}
	operations = WRITABLE_LIST
	has_active = True
	nested = False

	def __init__(self) -> None:
		self.sequence = self.name
		self.name_space = self.name.lower()
		fields = {"Name": Text(self.name_length, self.forbidden), "Active": Flag(), **COMMON, **self.extra}
		if self.nested:
			fields.update(ParentRef=Reference(), FullyQualifiedName=ReadOnly(), Level=ReadOnly())
			self.columns = {**self.columns, "FullyQualifiedName": in_body("FullyQualifiedName")}
			self.columns["ParentRef"] = in_body("ParentRef.value", "reference")
		self.schema = Struct(**fields)
		self.columns = {"Name": NAME, "Active": ACTIVE, **self.columns}

	def prepare(self, work: Work, sent: dict[str, Any], previous: dict[str, Any] | None) -> dict[str, Any]:
		require_field(sent, "Name")
		document = dict(sent)
		rename_by_activity(work, self.name_space, document, previous, "Name")
		if self.nested:
			place_under_parent(work, self.name, document, "Name", previous)
		self.apply_rules(work, document, previous)
		check_free_name(
			work, self.name_space or "", self.get_unique_name(document), self.name, (previous or {}).get("Id")
		)
		return document

	def apply_rules(self, work: Work, document: dict[str, Any], previous: dict[str, Any] | None) -> None:
		"""Check and complete what is special to the list."""

	def get_unique_name(self, document: dict[str, Any]) -> str:
		return document.get("FullyQualifiedName", document["Name"])

	def build_columns(self, document: dict[str, Any]) -> dict[str, Any]:
		return {"name": document["Name"], "active": int(document.get("Active", True))}

	def complete_definition(self, document: dict[str, Any]) -> dict[str, Any]:
		completed = {"Active": True, **document}
		if self.nested:
			completed.setdefault("FullyQualifiedName", document["Name"])
		return completed


CLASSIFICATIONS = {
	"Bank": ("Asset", "Checking"),
	"Accounts Receivable": ("Asset", "AccountsReceivable"),
	"Other Current Asset": ("Asset", "OtherCurrentAssets"),
	"Fixed Asset": ("Asset", "OtherFixedAssets"),
	"Other Asset": ("Asset", "OtherLongTermAssets"),
	"Accounts Payable": ("Liability", "AccountsPayable"),
	"Credit Card": ("Liability", "CreditCard"),
	"Other Current Liability": ("Liability", "OtherCurrentLiabilities"),
	"Long Term Liability": ("Liability", "OtherLongTermLiabilities"),
	"Equity": ("Equity", "OwnersEquity"),
	"Income": ("Revenue", "ServiceFeeIncome"),
	"Other Income": ("Revenue", "OtherMiscellaneousIncome"),
	"Cost of Goods Sold": ("Expense", "SuppliesMaterialsCogs"),
	"Expense": ("Expense", "OtherMiscellaneousServiceCost"),
	"Other Expense": ("Expense", "OtherMiscellaneousExpense"),
}
"""Classification and default AccountSubType by AccountType."""
TYPE_OF_SUBTYPE = {
	"SalesOfProductIncome": "Income",
	"Inventory": "Other Current Asset",
	"UndepositedFunds": "Other Current Asset",
	"Savings": "Bank",
	"SalesTaxPayable": "Other Current Liability",
	"OpeningBalanceEquity": "Equity",
	**{subtype: kind for kind, (_classification, subtype) in CLASSIFICATIONS.items()},
}
CREDIT_SIDE = ("Liability", "Equity", "Revenue")


class Account(NamedList):
	name = "Account"
	forbidden = ':"\t\n\r'
	nested = True
	extra = {
		"AccountType": Choice(*CLASSIFICATIONS),
		"AccountSubType": Text(100),
		"AcctNum": Text(20, ":"),
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
	}
	renders = True

	def apply_rules(self, work: Work, document: dict[str, Any], previous: dict[str, Any] | None) -> None:
		kind = document.get("AccountType") or TYPE_OF_SUBTYPE.get(document.get("AccountSubType", ""))
		if kind is None:
			raise Fault("6010", "Account Type or Account Sub Type is required", "AccountType")
		document["AccountType"] = kind
		document["Classification"], default_subtype = CLASSIFICATIONS[kind]
		document.setdefault("AccountSubType", default_subtype)
		document["SubAccount"] = "ParentRef" in document
		home = work.company.home_currency
		document["CurrencyRef"] = {"value": document.get("CurrencyRef", {}).get("value", home)}
		number = document.get("AcctNum")
		if number:
			owners = work.store.find(
				work.company.key, "Account", "json_extract(body, '$.AcctNum') = ?", (number,)
			)
			if any(str(owner.id) != str((previous or {}).get("Id")) for owner in owners):
				raise Fault(
					"6000", f"Business Validation Error: Account number {number} is already in use", "AcctNum"
				)

	def complete_definition(self, document: dict[str, Any]) -> dict[str, Any]:
		completed = super().complete_definition(document)
		completed["Classification"] = CLASSIFICATIONS[document["AccountType"]][0]
		completed.setdefault("SubAccount", False)
		completed.setdefault("CurrencyRef", {"value": "USD", "name": "United States Dollar"})
		return completed

	def render(self, row: Row, document: dict[str, Any]) -> dict[str, Any]:
		cents = row.balance or 0
		if document["Classification"] in CREDIT_SIDE:
			cents = -cents
		document["CurrentBalance"] = document["CurrentBalanceWithSubAccounts"] = from_cents(cents)
		return document


class Term(NamedList):
	name = "Term"
	name_length = 31
	forbidden = "\t\n\r"
	extra = {
		"Type": ReadOnly(),
		"DueDays": Whole(0, 999),
		"DiscountDays": Whole(0, 999),
		"DiscountPercent": Number("percent"),
		"DayOfMonthDue": Whole(0, 31),
		"DueNextMonthDays": Whole(0, 999),
		"DiscountDayOfMonth": Whole(0, 31),
	}

	def apply_rules(self, work: Work, document: dict[str, Any], previous: dict[str, Any] | None) -> None:
		if not document.get("DayOfMonthDue") and "DueDays" not in document:
			raise Fault(
				"2020", "Required parameter DueDays or DayOfMonthDue is missing in the request", "DueDays"
			)
		document["Type"] = "STANDARD" if "DueDays" in document else "DATE_DRIVEN"


class TrackingClass(NamedList):
	name = "Class"
	nested = True
	extra = {"SubClass": Flag()}

	def apply_rules(self, work: Work, document: dict[str, Any], previous: dict[str, Any] | None) -> None:
		document["SubClass"] = "ParentRef" in document


class Department(NamedList):
	name = "Department"
	nested = True
	extra = {"SubDepartment": Flag(), "Address": ReadOnly()}

	def apply_rules(self, work: Work, document: dict[str, Any], previous: dict[str, Any] | None) -> None:
		document["SubDepartment"] = "ParentRef" in document


class PaymentMethod(NamedList):
	name = "PaymentMethod"
	name_length = 31
	forbidden = "\t\n\r"
	extra = {"Type": Choice("CREDIT_CARD", "NON_CREDIT_CARD")}

	def apply_rules(self, work: Work, document: dict[str, Any], previous: dict[str, Any] | None) -> None:
		document.setdefault("Type", "NON_CREDIT_CARD")
