"""What a report is asked: its dates, its filters, and the columns that a period is cut into."""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from qbo_emulator.faults import Fault
from qbo_emulator.fields import ABSENT, Day
from qbo_emulator.store import parse_id
from qbo_emulator.work import Work

BEGINNING, END = "0001-01-01", "9999-12-31"
MONTHS = [name.lower() for name in calendar.month_name]
MAX_COLUMNS = 400
NOT_EMULATED = ("class", "department", "employee", "source_account", "group_by")
UNITS = {"days": "day", "week": "week", "month": "month", "quarter": "quarter", "year": "year"}


@dataclass(frozen=True)
class Span:
	"""Days from ``start`` to ``end``, both included, as ISO dates."""

	title: str
	start: str
	end: str


class Query:
	"""One request for a report. Raises 2060 for a bad date, 2110 for an unknown choice, 500 for what is not emulated."""

	def __init__(self, work: Work, name: str, parameters: dict[str, str]) -> None:
		self.work = work
		self.name = name
		self.parameters = {key.lower(): value.strip() for key, value in parameters.items() if value.strip()}
		self.company = work.company
		self.today = date.fromisoformat(work.today)
		self.macro = ""
		self.check_supported()

	def check_supported(self) -> None:
		"""Refuse what would silently give other figures than the service's."""
		method = self.parameters.get("accounting_method", "accrual").lower()
		if method not in ("accrual", "cash"):
			raise Fault("2110", f"accounting_method does not allow {method[:60]!r}", "accounting_method")
		if method == "cash":
			raise Fault("500", "Reports on cash basis are not emulated.", "accounting_method")
		for name in NOT_EMULATED:
			if name in self.parameters:
				raise Fault("500", f"The report parameter {name} is not emulated.", name)

	def get_day(self, name: str) -> date | None:
		day = Day().read(self.parameters.get(name), name)
		return None if day is ABSENT else date.fromisoformat(day)

	def get_ids(self, name: str) -> list[int]:
		"""Return the Ids of a filter, which are separated by commas; empty when it is not given. Raises 2030."""
		ids = [parse_id(part.strip()) for part in self.parameters.get(name, "").split(",") if part.strip()]
		for identifier in ids:
			if not isinstance(identifier, int):
				raise Fault("2030", f"Invalid ID : {identifier[:60]}", name)
		return ids  # type: ignore[return-value]

	def get_choice(self, name: str, default: str, *options: str) -> str:
		"""Return a parameter that is one of some words, in lower case. Raises 2110."""
		value = self.parameters.get(name, default).lower()
		if value not in options:
			raise Fault("2110", f"{name} does not allow {value[:60]!r}", name)
		return value

	def find_fiscal_year(self, day: date) -> date:
		"""Return the first day of the fiscal year that ``day`` lies in (Preferences: FirstMonthOfFiscalYear)."""
		name = str(self.company.get_preference("AccountingInfoPrefs", "FirstMonthOfFiscalYear", "January"))
		month = MONTHS.index(name.lower()) if name.lower() in MONTHS[1:] else 1
		year = day.year if day.month >= month else day.year - 1
		return date(year, month, 1) if year else date.min

	def get_span(self, default_macro: str = "this fiscal year-to-date") -> Span:
		"""Return the period: start_date and end_date, else date_macro, else the report's own default.

		With only one of the dates given, the other is the end of today or the start of the end's fiscal year.
		"""
		start, end = self.get_day("start_date"), self.get_day("end_date")
		if start is None and end is None:
			self.macro = self.parameters.get("date_macro", default_macro).lower()
			start, end = resolve_macro(self, self.macro)
		elif end is None:
			end = max(self.today, start or self.today)
		elif start is None:
			start = self.find_fiscal_year(end)
		assert start is not None and end is not None
		if start > end:
			raise Fault("2060", "start_date must be less than end_date", "start_date")
		return Span("Total", start.isoformat(), end.isoformat())

	def get_report_day(self, default: str) -> str:
		"""Return the day of a report on balances: report_date, else the end of end_date or date_macro, else the default."""
		day = self.get_day("report_date")
		if day is not None:
			return day.isoformat()
		if any(name in self.parameters for name in ("start_date", "end_date", "date_macro")):
			return self.get_span().end
		return default

	def cut_columns(self, span: Span) -> list[Span]:
		"""Return the spans of the columns that summarize_column_by asks for; none for Total."""
		by = self.parameters.get("summarize_column_by", "total").lower()
		if by == "total":
			return []
		by = {"day": "days", "weeks": "week", "months": "month", "quarters": "quarter", "years": "year"}.get(
			by, by
		)
		if by not in UNITS:
			raise Fault("500", f"Columns by {by[:40]} are not emulated.", "summarize_column_by")
		spans = []
		for part in cut(self, span, UNITS[by]):
			spans.append(part)
			if len(spans) > MAX_COLUMNS:
				raise Fault("10100", f"The report would have more than {MAX_COLUMNS} columns")
		return spans


def resolve_macro(query: Query, macro: str) -> tuple[date, date]:
	"""Return the days of a date_macro. Raises 2110 for one that Intuit does not list."""
	today = query.today
	words = macro.replace("-to-date", "").split()
	to_date = macro.endswith("-to-date")
	if macro == "today":
		return today, today
	if macro == "yesterday":
		return today - timedelta(1), today - timedelta(1)
	if macro == "all":
		return date.min, date.max
	if macro == "next 4 weeks":
		start = find_start(query, today, "week") + timedelta(7)
		return start, start + timedelta(27)
	unit = words[-1] if words else ""
	kind = " ".join(words[1:])
	kinds = ("week", "month", "fiscal quarter", "calendar quarter", "fiscal year", "calendar year")
	if len(words) < 2 or words[0] not in ("this", "last", "next") or kind not in kinds:
		raise Fault("2110", f"date_macro does not allow {macro[:60]!r}", "date_macro")
	unit = "calendar year" if kind == "calendar year" else unit
	start = find_start(query, today, unit)
	if words[0] == "last":
		start = find_start(query, start - timedelta(1), unit)
	elif words[0] == "next":
		start = find_end(query, start, unit) + timedelta(1)
	end = find_end(query, start, unit)
	if to_date:
		end = min(end, move_into(query, today, start, unit))
	return start, end


def move_into(query: Query, today: date, start: date, unit: str) -> date:
	"""Return the day that lies as far into the period beginning at ``start`` as today lies in its own."""
	own = find_start(query, today, unit)
	if unit == "week":
		return start + (today - own)
	months = (today.year - own.year) * 12 + today.month - own.month
	first = add_months(start, months)
	return first.replace(day=min(today.day, calendar.monthrange(first.year, first.month)[1]))


def add_months(day: date, months: int) -> date:
	"""Return the first of the month so many months later. Raises OverflowError beyond the calendar."""
	count = day.year * 12 + day.month - 1 + months
	if count // 12 > date.max.year:
		raise OverflowError("The calendar ends with the year 9999")
	return date(count // 12, count % 12 + 1, 1)


def find_start(query: Query, day: date, unit: str) -> date:
	"""Return the first day of the day, week (from Sunday), month, quarter or year that ``day`` lies in."""
	if unit == "day":
		return day
	if unit == "week":
		return date.fromordinal(max(day.toordinal() - (day.weekday() + 1) % 7, 1))
	if unit == "month":
		return day.replace(day=1)
	if unit == "calendar year":
		return day.replace(month=1, day=1)
	year = query.find_fiscal_year(day)
	if unit == "year":
		return year
	months = (day.year - year.year) * 12 + day.month - year.month
	return add_months(year, months // 3 * 3)


def find_end(query: Query, start: date, unit: str) -> date:
	"""Return the last day of the period that begins at ``start``; the calendar's end is as far as it goes."""
	try:
		if unit in ("day", "week"):
			return start + timedelta(0 if unit == "day" else 6)
		return add_months(start, {"month": 1, "quarter": 3}.get(unit, 12)) - timedelta(1)
	except OverflowError:
		return date.max


def cut(query: Query, span: Span, unit: str) -> Iterator[Span]:
	"""Yield the parts of a span; the first and the last may be cut short by it."""
	start, last = date.fromisoformat(span.start), date.fromisoformat(span.end)
	while True:
		whole_start = find_start(query, start, unit)
		whole_end = find_end(query, whole_start, unit)
		end = min(whole_end, last)
		is_whole = start == whole_start and end == whole_end
		yield Span(name_part(start, end, unit, is_whole), start.isoformat(), end.isoformat())
		if end == last:
			return
		start = end + timedelta(1)


def name_part(start: date, end: date, unit: str, is_whole: bool) -> str:
	"""Return a column's title, such as "Nov 2026", "Nov 1-24, 2026", "Oct - Dec, 2026"."""
	if unit == "day":
		return f"{start:%b} {start.day}, {start.year}"
	if unit == "month":
		return f"{start:%b} {start.year}" if is_whole else f"{start:%b} {start.day}-{end.day}, {end.year}"
	if unit == "quarter" and is_whole:
		return f"{start:%b} - {end:%b}, {end.year}"
	if unit == "year" and is_whole and start.month == 1:
		return str(start.year)
	return f"{start:%b} {start.day} - {end:%b} {end.day}, {end.year}"


def describe_span(query: Query, span: Span) -> dict[str, Any]:
	"""Return the header's keys of a period."""
	macro = query.macro
	if macro == "this fiscal year-to-date" and span.start.endswith("-01-01"):
		macro = "this calendar year-to-date"  # so it stands in Intuit's samples
	return {**({"DateMacro": macro} if macro else {}), "StartPeriod": span.start, "EndPeriod": span.end}
