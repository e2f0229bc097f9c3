"""The small lists: what they have in common, and Term, Class, Department, PaymentMethod."""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from typing import Any

from qbo_emulator.entities.base import Column, Entity, in_body
from qbo_emulator.entities.naming import check_free_name, place_under_parent, rename_by_activity
from qbo_emulator.faults import Fault
from qbo_emulator.fields import COMMON, Choice, Field, Flag, Number, ReadOnly, Reference, Struct, Text, Whole
from qbo_emulator.work import Work, add_days, require_field

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

	@property
	def nested_by(self) -> str | None:
		return "Name" if self.nested else None

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
	columns = {"Type": in_body("Type"), "DueDays": in_body("DueDays", "number")}

	def apply_rules(self, work: Work, document: dict[str, Any], previous: dict[str, Any] | None) -> None:
		"""STANDARD: so many days. DATE_DRIVEN: a day of the month. DueDays 0 beside a day of the month is a client's default."""
		if document.get("DayOfMonthDue") and not document.get("DueDays"):
			document.pop("DueDays", None)
			document.pop("DiscountDays", None)
			document["Type"] = "DATE_DRIVEN"
			return
		if "DueDays" not in document:
			raise Fault(
				"2020", "Required parameter DueDays or DayOfMonthDue is missing in the request", "DueDays"
			)
		for name in ("DayOfMonthDue", "DueNextMonthDays", "DiscountDayOfMonth"):
			document.pop(name, None)
		document["Type"] = "STANDARD"


def compute_due_date(term: dict[str, Any], txn_date: str) -> str:
	"""Return when a transaction of ``txn_date`` is due by a Term's document.

	By a day of the month it is the next such day; a transaction within ``DueNextMonthDays`` before it has the month after.
	A month that is too short counts to its last day.
	"""
	if "DayOfMonthDue" not in term:
		return add_days(txn_date, int(term.get("DueDays", 0)))
	day = date.fromisoformat(txn_date)
	due = set_day(day.year, day.month, int(term["DayOfMonthDue"]))
	if due < day or (due - day).days < int(term.get("DueNextMonthDays", 0)):
		due = set_day(day.year + day.month // 12, day.month % 12 + 1, int(term["DayOfMonthDue"]))
	return due.isoformat()


def set_day(year: int, month: int, day: int) -> date:
	"""Return the day of a month, its last one where it is shorter. The calendar ends with 9999-12-31."""
	if year > date.max.year:
		return date.max
	return date(year, month, min(day, monthrange(year, month)[1]))


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
