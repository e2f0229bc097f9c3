"""RecurringTransaction: a template of another transaction, wrapped in that one's name. It does not post."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from qbo_emulator.entities.base import ENTITIES, Column, Entity
from qbo_emulator.faults import Fault, refuse_missing
from qbo_emulator.fields import ABSENT, Choice, Day, Flag, ReadOnly, Struct, Text, Whole
from qbo_emulator.records import ENVELOPE_KEYS
from qbo_emulator.store import Row
from qbo_emulator.work import Work, require_field

KINDS = (
	"Bill", "Purchase", "CreditMemo", "Deposit", "Estimate", "Invoice", "JournalEntry", "RefundReceipt", "SalesReceipt",
	"Transfer", "VendorCredit", "PurchaseOrder",
)  # fmt: skip

RECURRING_INFO = Struct(
	Name=Text(100),
	RecurType=Choice("Automated", "Reminder", "UnScheduled", "Unscheduled", "Reminded"),
	Active=Flag(),
	ScheduleInfo=Struct(
		StartDate=Day(),
		EndDate=Day(),
		NextDate=Day(),
		PreviousDate=Day(),
		IntervalType=Choice("Daily", "Weekly", "Monthly", "Yearly"),
		NumInterval=Whole(1, 999),
		DayOfMonth=Whole(1, 31),
		DayOfWeek=Choice("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"),
		WeekOfMonth=Whole(1, 5),
		MonthOfYear=Text(20),
		DaysBefore=Whole(0, 999),
		RemindDays=Whole(0, 999),
		MaxOccurrences=Whole(1, 9999),
	),
)
DATED = ("TxnDate", "DueDate", "DocNumber", "Balance", "HomeBalance", "LinkedTxn")
"""What a transaction has and its template has not."""


class Drafted(Exception):
	"""Takes back what the rules of a template's transaction wrote, such as a document number."""


class Template(Struct):
	"""``{"Bill": {…}}``: one transaction; its Id and SyncToken are lifted to the top for the operations."""

	def read(self, value: Any, path: str, lenient: bool = False) -> Any:
		if not isinstance(value, dict):
			raise Fault("2010")
		value = value.get("RecurringTransaction", value)
		kinds = [name for name in value if name in KINDS and name in ENTITIES] if value else []
		if len(kinds) != 1:
			raise Fault("2010", f"A recurring transaction holds one of: {', '.join(KINDS)}")
		kind = kinds[0]
		fields = ENTITIES[kind].schema.fields
		inner = Struct(**{**fields, "RecurringInfo": RECURRING_INFO, "RecurDataRef": ReadOnly()})
		cleaned = inner.read(value[kind], kind, lenient)
		cleaned = {} if cleaned is ABSENT else cleaned
		lifted = {name: cleaned.pop(name) for name in ("Id", "SyncToken", "sparse") if name in cleaned}
		return {**lifted, kind: cleaned}


class RecurringTransaction(Entity):
	name = sequence = "RecurringTransaction"
	operations = frozenset({"read", "query", "create", "delete"})
	renders = True
	schema = Template()
	columns = {"Name": Column("name", "text"), "RecurringInfo.Name": Column("name", "text")}

	def prepare(self, work: Work, sent: dict[str, Any], previous: dict[str, Any] | None) -> dict[str, Any]:
		"""Let the transaction's own rules complete the template, and take back whatever they wrote."""
		kind, template = next(iter(sent.items()))
		info = template.pop("RecurringInfo", None)
		if not info:
			raise refuse_missing(f"{kind}.RecurringInfo")
		require_field(info, "Name")
		info.setdefault("RecurType", "Automated")
		info.setdefault("Active", False)
		document: dict[str, Any] = {}
		with suppress(Drafted), work.store.savepoint():
			document = ENTITIES[kind].prepare(work, template, None)
			raise Drafted
		document = {name: value for name, value in document.items() if name not in DATED}
		return {kind: {**document, "RecurringInfo": info}}

	def build_columns(self, document: dict[str, Any]) -> dict[str, Any]:
		kind = next(name for name in document if name in KINDS)
		return {"name": document[kind]["RecurringInfo"]["Name"]}

	def render(self, row: Row, document: dict[str, Any]) -> dict[str, Any]:
		kind = next(name for name in document if name in KINDS)
		envelope = {name: document[name] for name in ENVELOPE_KEYS}
		return {kind: {**document[kind], **envelope, "RecurDataRef": {"value": str(row.id)}}}
