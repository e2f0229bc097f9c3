"""What a property of an entity may hold. Reads JSON as the service does: numeric strings are numbers, and
``""``, ``null``, ``[]`` and empty objects count as not sent (python-quickbooks sends all of them).
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from qbo_emulator.faults import Fault

ABSENT: Any = object()
CONTROL_CHARACTERS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
"""What no text may hold; most of it could not stand in an XML answer either."""
NUMBER_CODES = {"amount": "2080", "number": "2070", "quantity": "2100", "percent": "2090"}
MAX_INTEGER_DIGITS = {"amount": 10, "number": 11, "quantity": 11, "percent": 3}
"""Digits before the decimal point. Amounts are 10.5 in the documentation; prices go to 99,999,999,999."""


def refuse_shape(path: str) -> Fault:
	"""Return the fault for a value of the wrong JSON type or an unknown property (2010)."""
	detail = f"Property Name:{path} is unsupported or invalid" if path else ""
	return Fault("2010", detail, path)


class Field:
	"""One property; ``read`` returns the cleaned value or ABSENT."""

	def read(self, value: Any, path: str, lenient: bool = False) -> Any:
		raise NotImplementedError


class ReadOnly(Field):
	"""Sent back by clients that round-trip an entity; accepted and ignored."""

	def read(self, value: Any, path: str, lenient: bool = False) -> Any:
		return ABSENT


class Text(Field):
	def __init__(self, max_length: int = 4000, forbidden: str = "", min_length: int = 0) -> None:
		self.max_length = max_length
		self.min_length = min_length
		self.forbidden = forbidden

	def read(self, value: Any, path: str, lenient: bool = False) -> Any:
		if value is None or value == "":
			return ABSENT
		if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
			value = str(value)
		if not isinstance(value, str):
			raise refuse_shape(path)
		check_characters(value, path, self.forbidden)
		if len(value) > self.max_length:
			detail = (
				"String length specified does not match the supported length. "
				f"Min:{self.min_length}, Max:{self.max_length}, supplied:{len(value)}"
			)
			raise Fault("2050", detail, path.rpartition(".")[2])
		return value


def check_characters(value: str, path: str, forbidden: str = "") -> None:
	"""Raise 2040 for control characters and for those the property forbids, 500 for text that is not UTF-8."""
	try:
		value.encode("utf-8")
	except UnicodeEncodeError:
		raise Fault("500", f"{path} is not valid UTF-8 text", path) from None
	if CONTROL_CHARACTERS.search(value) or any(character in value for character in forbidden):
		raise Fault("2040", f"The property contains characters that are not allowed: {path}", path)


class Number(Field):
	def __init__(self, kind: str = "number") -> None:
		self.kind = kind

	def read(self, value: Any, path: str, lenient: bool = False) -> Any:
		if value is None or value == "":
			return ABSENT
		if isinstance(value, bool) or not isinstance(value, (int, Decimal, str)):
			raise refuse_shape(path)
		if isinstance(value, str) and len(value) > 60:
			raise Fault(NUMBER_CODES[self.kind], f"Invalid value in {path}", path)
		try:
			number = Decimal(value.strip()) if isinstance(value, str) else Decimal(value)
		except InvalidOperation:
			raise Fault(NUMBER_CODES[self.kind], f"Invalid value in {path}: {value}", path) from None
		if not number.is_finite() or (number and number.adjusted() >= MAX_INTEGER_DIGITS[self.kind]):
			raise Fault(NUMBER_CODES[self.kind], f"Invalid value in {path}", path)
		return number if number.adjusted() >= -30 else Decimal(0)


class Whole(Field):
	def __init__(self, least: int, most: int) -> None:
		self.least = least
		self.most = most

	def read(self, value: Any, path: str, lenient: bool = False) -> Any:
		number = Number().read(value, path)
		if number is ABSENT:
			return ABSENT
		if number != number.to_integral_value() or not self.least <= number <= self.most:
			raise Fault("2070", f"{path} must be a whole number from {self.least} to {self.most}", path)
		return int(number)


class Flag(Field):
	def read(self, value: Any, path: str, lenient: bool = False) -> Any:
		if value is None or value == "":
			return ABSENT
		if isinstance(value, bool):
			return value
		if isinstance(value, str) and value.lower() in ("true", "false"):
			return value.lower() == "true"
		raise refuse_shape(path)


class Day(Field):
	def read(self, value: Any, path: str, lenient: bool = False) -> Any:
		if value is None or value == "":
			return ABSENT
		if not isinstance(value, str):
			raise refuse_shape(path)
		match = re.match(
			r"(\d{4}-\d\d-\d\d)(Z|[+-]\d\d:\d\d|T[\d:.]+(Z|[+-]\d\d:\d\d)?)?$", value.strip(), re.ASCII
		)
		try:
			return date.fromisoformat(match.group(1) if match else "").isoformat()
		except ValueError:
			raise Fault("2060", f"Invalid date in {path}: {value[:40]}. Use YYYY-MM-DD.", path) from None


class Choice(Field):
	def __init__(self, *options: str) -> None:
		self.options = {option.lower(): option for option in options}

	def read(self, value: Any, path: str, lenient: bool = False) -> Any:
		if value is None or value == "":
			return ABSENT
		if not isinstance(value, str):
			raise refuse_shape(path)
		if value.lower() not in self.options:
			raise Fault("2110", f"{path} does not allow {value[:60]!r}", path)
		return self.options[value.lower()]


class Struct(Field):
	"""An object. Unknown properties are refused (2010) unless the company's knob tolerates them."""

	def __init__(self, **fields: Field) -> None:
		self.fields = fields

	def read(self, value: Any, path: str, lenient: bool = False) -> Any:
		if value is None or value == "":
			return ABSENT
		if not isinstance(value, dict):
			raise refuse_shape(path)
		cleaned = {}
		for name, item in value.items():
			inner = f"{path}.{name}" if path else name
			field = self.fields.get(name)
			if field is None:
				if lenient:
					continue
				raise refuse_shape(inner[:200])
			result = field.read(item, inner, lenient)
			if result is not ABSENT:
				cleaned[name] = result
		return cleaned or ABSENT


class Many(Field):
	def __init__(self, item: Field, most: int = 5000) -> None:
		self.item = item
		self.most = most

	def read(self, value: Any, path: str, lenient: bool = False) -> Any:
		if value is None or value == "" or value == []:
			return ABSENT
		if isinstance(value, dict):
			value = [value]
		if not isinstance(value, list) or len(value) > self.most:
			raise refuse_shape(path)
		results = [self.item.read(item, path, lenient) for item in value]
		return [result for result in results if result is not ABSENT] or ABSENT


class Reference(Struct):
	"""``{"value": id, "name": ...}``; the name is ignored on writes. Without a value it counts as not sent."""

	def __init__(self) -> None:
		super().__init__(value=Text(60), name=ReadOnly(), type=ReadOnly())

	def read(self, value: Any, path: str, lenient: bool = False) -> Any:
		if isinstance(value, (str, int)) and not isinstance(value, bool) and value != "":
			value = {"value": value}
		cleaned = super().read(value, path, lenient)
		return ABSENT if cleaned is ABSENT or "value" not in cleaned else cleaned


ADDRESS = Struct(
	Id=ReadOnly(),
	Line1=Text(500),
	Line2=Text(500),
	Line3=Text(500),
	Line4=Text(500),
	Line5=Text(500),
	City=Text(255),
	CountrySubDivisionCode=Text(255),
	Country=Text(255),
	CountryCode=Text(255),
	PostalCode=Text(30),
	Lat=Text(50),
	Long=Text(50),
	Note=Text(4000),
	Tag=ReadOnly(),
)
PHONE = Struct(
	FreeFormNumber=Text(30), Id=ReadOnly(), DeviceType=ReadOnly(), CountryCode=ReadOnly(), AreaCode=ReadOnly(),
	ExchangeCode=ReadOnly(), Extension=ReadOnly(), Default=ReadOnly(), Tag=ReadOnly(),
)  # fmt: skip
EMAIL = Struct(Address=Text(100), Id=ReadOnly(), Default=ReadOnly(), Tag=ReadOnly())
WEB_ADDRESS = Struct(URI=Text(1000), Id=ReadOnly(), Default=ReadOnly(), Tag=ReadOnly())
COMMON = {
	"Id": Text(40),
	"SyncToken": Text(40),
	"sparse": Flag(),
	"domain": ReadOnly(),
	"status": ReadOnly(),
	"MetaData": ReadOnly(),
}
"""Properties every entity carries."""


def check_email(address: dict | None, element: str) -> None:
	"""Raise 2040 for an e-mail address without ``@`` and a dot after it; several may be separated by commas."""
	for part in (address or {}).get("Address", "").split(","):
		name, at, host = part.strip().partition("@")
		if part.strip() and not (name and at and "." in host):
			raise Fault("2040", f"Invalid e-mail address in {element}", element)
