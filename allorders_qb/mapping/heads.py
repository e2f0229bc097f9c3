"""What the heads of several transactions share: number, currency and rate, class, location, note. Source: Intuit's entity pages."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from allorders_qb.mapping.company import CompanyProfile
from allorders_qb.mapping.errors import MappingError
from allorders_qb.mapping.limits import LIMITS, check_length
from allorders_qb.mapping.names import clean_line
from allorders_qb.mapping.payload import write_number
from allorders_qb.mapping.posting import References
from allorders_qb.mapping.refs import find_ref, make_ref


def build_number(number: str | None, *, about: str, field: str = "Number") -> dict[str, str]:
	"""Return DocNumber, nothing where there is none. Raises MappingError when it is longer than QuickBooks takes."""
	text = clean_line(number)
	return {"DocNumber": check_length(field, text, LIMITS["doc_number"], about=about)} if text else {}


def build_currency(
	currency: str | None, exchange_rate: Decimal, company: CompanyProfile, *, about: str
) -> dict[str, Any]:
	"""Return currency and rate: both always with multicurrency on (a rate left out means 1), neither with it off."""
	currency = currency or company.home_currency
	if not company.multicurrency:
		if currency != company.home_currency:
			raise MappingError(
				f"{about}, Currency: {currency} needs multicurrency, which QuickBooks has switched off (its currency is "
				f"{company.home_currency}). Switch it on in QuickBooks or change the document's currency.",
				field="Currency",
			)
		return {}
	rate = exchange_rate if currency != company.home_currency else Decimal(1)
	if rate <= 0:
		raise MappingError(
			f"{about}, Exchange Rate: {write_number(rate)} is not above zero. Enter how many {company.home_currency} one "
			f"{currency} is worth.",
			field="Exchange Rate",
		)
	return {"CurrencyRef": make_ref(currency), "ExchangeRate": rate}


def build_line_class(
	class_name: str | None, references: References, company: CompanyProfile, *, about: str, row: int | None
) -> dict[str, Any]:
	"""Return a line's ClassRef, nothing where the company keeps one class for a whole transaction (build_dimensions).

	Raises MappingError where it tracks no classes: QuickBooks would leave the class out without a word.
	"""
	if not class_name:
		return {}
	check_classes(class_name, company, about=about, row=row)
	if company.tracks_classes_per_transaction:
		return {}
	return {"ClassRef": find_ref(references.classes, class_name, "Class", about=about, row=row)}


def build_purchase_class(
	class_name: str | None, references: References, company: CompanyProfile, *, about: str, row: int | None
) -> dict[str, Any]:
	"""Return the ClassRef of a line of a bill or vendor credit, which have none in their heads.

	Raises MappingError where the company does not track classes per line.
	"""
	if not class_name:
		return {}
	check_classes(class_name, company, about=about, row=row)
	if not company.tracks_classes_per_line:
		where = f"{about}, row {row}" if row else about
		raise MappingError(
			f"{where}, Class: QuickBooks keeps one class for a whole transaction, and what comes from vendors has none there, so "
			f'"{class_name}" cannot be recorded. Have it track classes per line, or amend the document without it.',
			field="Class",
			row=row,
		)
	return {"ClassRef": find_ref(references.classes, class_name, "Class", about=about, row=row)}


def build_journal_dimensions(
	class_name: str | None,
	department: str | None,
	references: References,
	company: CompanyProfile,
	*,
	about: str,
) -> dict[str, Any]:
	"""Return ClassRef and DepartmentRef of a journal's line: there they stand on lines, whichever way classes are tracked."""
	built: dict[str, Any] = {}
	if class_name:
		check_classes(class_name, company, about=about)
		built["ClassRef"] = find_ref(references.classes, class_name, "Class", about=about)
	return built | build_department(department, references, company, about=about)


def check_classes(class_name: str, company: CompanyProfile, *, about: str, row: int | None = None) -> None:
	"""Raise MappingError where QuickBooks tracks no classes."""
	if company.tracks_classes_per_line or company.tracks_classes_per_transaction:
		return
	where = f"{about}, row {row}" if row else about
	raise MappingError(
		f'{where}, Class: QuickBooks does not track classes, so "{class_name}" cannot be recorded. Switch them on there, or '
		"amend the document without it.",
		field="Class",
		row=row,
	)


def build_department(
	department: str | None, references: References, company: CompanyProfile, *, about: str
) -> dict[str, Any]:
	"""Return DepartmentRef, QuickBooks' location. Raises MappingError where QuickBooks tracks none."""
	if not department:
		return {}
	if not company.tracks_departments:
		raise MappingError(
			f'{about}, QuickBooks Location: QuickBooks does not track locations, so "{department}" cannot be recorded. Switch '
			"them on there, or amend the document without it.",
			field="QuickBooks Location",
		)
	return {"DepartmentRef": find_ref(references.departments, department, "QuickBooks Location", about=about)}


def build_dimensions(
	class_names: Iterable[str | None],
	department: str | None,
	references: References,
	company: CompanyProfile,
	*,
	about: str,
) -> dict[str, Any]:
	"""Return the head's ClassRef, where QuickBooks keeps one class for a whole transaction, and its DepartmentRef.

	Lines of several classes are refused there (MappingError), and a location where QuickBooks tracks none.
	"""
	built: dict[str, Any] = {}
	if company.tracks_classes_per_transaction:
		names = {name for name in class_names if name}
		if len(names) > 1:
			raise MappingError(
				f"{about}, Class: its lines are of {', '.join(sorted(names))}, and QuickBooks keeps one class for a whole "
				"transaction. Choose one, or have QuickBooks track classes per line.",
				field="Class",
			)
		if names:
			built["ClassRef"] = find_ref(references.classes, names.pop(), "Class", about=about)
	return built | build_department(department, references, company, about=about)
