"""What the QuickBooks company is like, read once from its CompanyInfo and Preferences.

Source: Intuit's pages of these two entities.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

_CUSTOM_NAME = re.compile(r"SalesFormsPrefs\.SalesCustomName(\d+)\Z")
_CUSTOM_USE = re.compile(r"SalesFormsPrefs\.UseSalesCustom(\d+)\Z")
# Warnings about numbers of other documents.
_OTHER_WARNINGS = ("check", "bill", "journal")
_US = ("", "US", "USA", "UNITED STATES", "UNITED STATES OF AMERICA")


@dataclass(frozen=True)
class CompanyProfile:
	"""The switches of a company that change what we send.

	`warn_duplicate_numbers` is None where Preferences does not tell. `custom_fields`: the switched-on custom fields of sales
	forms, by name in lower case, with their DefinitionId.
	"""

	country: str
	home_currency: str
	multicurrency: bool
	custom_txn_numbers: bool
	allow_shipping: bool
	using_sales_tax: bool
	automated_sales_tax: bool
	warn_duplicate_numbers: bool | None = None
	book_close_date: date | None = None
	tracks_departments: bool = False
	tracks_classes_per_line: bool = False
	tracks_classes_per_transaction: bool = False
	tracks_quantities: bool = False
	custom_fields: Mapping[str, str] = field(default_factory=dict)

	@property
	def is_us(self) -> bool:
		return self.country.strip().upper() in _US


def read_company_profile(company_info: Mapping[str, Any], preferences: Mapping[str, Any]) -> CompanyProfile:
	"""Return the profile from the CompanyInfo and Preferences objects; what QuickBooks leaves out counts as switched off."""
	sales = _part(preferences, "SalesFormsPrefs")
	accounting = _part(preferences, "AccountingInfoPrefs")
	currency = _part(preferences, "CurrencyPrefs")
	tax = _part(preferences, "TaxPrefs")
	home = _part(currency, "HomeCurrency").get("value")
	return CompanyProfile(
		country=str(company_info.get("Country") or "US"),
		home_currency=str(home or "USD"),
		multicurrency=_is_true(currency.get("MultiCurrencyEnabled")),
		custom_txn_numbers=_is_true(sales.get("CustomTxnNumbers")),
		allow_shipping=_is_true(sales.get("AllowShipping")),
		using_sales_tax=_is_true(tax.get("UsingSalesTax")),
		automated_sales_tax=_is_true(tax.get("PartnerTaxEnabled")),
		warn_duplicate_numbers=_read_duplicate_warning(_part(preferences, "OtherPrefs")),
		book_close_date=_read_date(accounting.get("BookCloseDate")),
		tracks_departments=_is_true(accounting.get("TrackDepartments")),
		tracks_classes_per_line=_is_true(accounting.get("ClassTrackingPerTxnLine")),
		tracks_classes_per_transaction=_is_true(accounting.get("ClassTrackingPerTxn")),
		tracks_quantities=_is_true(_part(preferences, "ProductAndServicesPrefs").get("QuantityOnHand")),
		custom_fields=_read_custom_fields(sales),
	)


def _part(mapping: Mapping[str, Any], key: str) -> Mapping[str, Any]:
	value = mapping.get(key)
	return value if isinstance(value, Mapping) else {}


def _is_true(value: Any) -> bool:
	return value is True or (isinstance(value, str) and value.strip().lower() == "true")


def _read_date(value: Any) -> date | None:
	return date.fromisoformat(str(value)[:10]) if value else None


def _read_duplicate_warning(other: Mapping[str, Any]) -> bool | None:
	"""Intuit documents only that the setting lives in OtherPrefs: the invoices' entry is known by its name."""
	warnings = {}
	for entry in other.get("NameValue") or ():
		name = str(entry.get("Name") or "").lower()
		if "duplicate" in name:
			warnings[name] = _is_true(entry.get("Value"))
	for name, value in warnings.items():
		if "invoice" in name:
			return value
	return next(
		(on for name, on in warnings.items() if not any(word in name for word in _OTHER_WARNINGS)), None
	)


def _read_custom_fields(sales: Mapping[str, Any]) -> dict[str, str]:
	"""Names and switches come in separate groups, and the number at the end of each is the DefinitionId."""
	names: dict[str, str] = {}
	switched_off: set[str] = set()
	for entry in _flatten_groups(sales.get("CustomField") or ()):
		name = str(entry.get("Name") or "")
		if found := _CUSTOM_NAME.match(name):
			if label := str(entry.get("StringValue") or "").strip():
				names[found.group(1)] = label.lower()
		elif (found := _CUSTOM_USE.match(name)) and not _is_true(entry.get("BooleanValue")):
			switched_off.add(found.group(1))
	return {label: number for number, label in sorted(names.items()) if number not in switched_off}


def _flatten_groups(entries: Any) -> list[Mapping[str, Any]]:
	flat: list[Mapping[str, Any]] = []
	for entry in entries:
		if isinstance(entry, Mapping) and "CustomField" in entry:
			flat.extend(_flatten_groups(entry["CustomField"]))
		elif isinstance(entry, Mapping):
			flat.append(entry)
	return flat
