"""Bodies in and out: JSON as the service reads it, its envelopes, and XML where JSON was not asked for."""

from __future__ import annotations

import json
import zlib
from decimal import Decimal
from typing import Any
from xml.etree import ElementTree

from qbo_emulator.faults import Fault

MAX_BODY = 4 * 1024 * 1024
JSON_TYPE = "application/json;charset=UTF-8"
XML_TYPE = "application/xml;charset=UTF-8"
NAMESPACE = "http://schema.intuit.com/finance/v3"


class BodyTooLarge(Exception):
	"""A request's body is longer than a request may be (413)."""


def unpack(body: bytes, encoding: str, most: int) -> bytes:
	"""Return a request's body without its Content-Encoding. Raises BodyTooLarge, 2010 for a broken one, 500 for others."""
	encoding = encoding.strip().lower()
	if encoding in ("", "identity") or not body:
		return body
	if encoding not in ("gzip", "x-gzip", "deflate"):
		raise Fault("500", f"Content-Encoding {encoding[:40]} is not supported.", "Operation")
	# 32 takes the headers of both gzip and zlib; a bomb is not blown up beyond what may be sent
	unpacker = zlib.decompressobj(zlib.MAX_WBITS | 32)
	try:
		unpacked = unpacker.decompress(body, most + 1)
	except zlib.error:
		raise Fault("2010", "The body is not what its Content-Encoding says") from None
	if len(unpacked) > most:
		raise BodyTooLarge
	if not unpacker.eof:
		raise Fault("2010", "The body is not what its Content-Encoding says")
	return unpacked


def refuse_constant(name: str) -> None:
	"""Refuse NaN and Infinity, which JSON does not have."""
	raise ValueError(name)


def read_object(body: bytes) -> dict[str, Any]:
	"""Return the JSON object of a request, numbers as Decimal. Raises 500 for bytes that are not UTF-8, else 2010."""
	try:
		text = body.decode("utf-8-sig")
	except UnicodeDecodeError:
		raise Fault("500", "The request body is not valid UTF-8", "Operation") from None
	try:
		value = json.loads(text, parse_float=Decimal, parse_constant=refuse_constant)
	except (ValueError, RecursionError):
		raise Fault("2010") from None
	if not isinstance(value, dict):
		raise Fault("2010")
	return value


def read_text(body: bytes) -> str:
	"""Return a query's text. Raises 500 for bytes that are not UTF-8."""
	try:
		return body.decode("utf-8-sig")
	except UnicodeDecodeError:
		raise Fault("500", "The query is not valid UTF-8", "Operation") from None


def wrap(entity: str, text: str, time: str) -> str:
	"""Return ``{"<Entity>": ..., "time": ...}`` around a JSON text."""
	return f'{{"{entity}":{text},"time":"{time}"}}'


def wants_xml(accept: str) -> bool:
	"""Return whether the answer goes out as XML: the service's default unless JSON is asked for."""
	return "json" not in accept.lower()


def convert_to_xml(text: str) -> str:
	"""Return a JSON answer in the service's XML form."""
	value = json.loads(text)
	root = ElementTree.Element("IntuitResponse", {"xmlns": NAMESPACE, "time": str(value.pop("time", ""))})
	for name, item in value.items():
		append_xml(root, name, item)
	return '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>' + ElementTree.tostring(
		root, encoding="unicode"
	)


def append_xml(parent: ElementTree.Element, name: str, value: Any) -> None:
	"""Append a value; lists repeat their element, references carry their name as an attribute."""
	if isinstance(value, list):
		for item in value:
			append_xml(parent, name, item)
		return
	if value is None:
		return
	element = ElementTree.SubElement(parent, name)
	if isinstance(value, dict):
		if name.endswith("Ref") and "value" in value:
			element.text = str(value["value"])
			if "name" in value:
				element.set("name", str(value["name"]))
			return
		for inner, item in value.items():
			if inner in (
				"domain",
				"sparse",
				"status",
				"type",
				"code",
				"element",
				"startPosition",
				"maxResults",
				"totalCount",
			):
				element.set(inner, format_scalar(item))
			else:
				append_xml(element, inner, item)
		return
	element.text = format_scalar(value)


def format_scalar(value: Any) -> str:
	return str(value).lower() if isinstance(value, bool) else str(value)


UNAUTHORIZED_XML = (
	'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
	'<IntuitResponse time="{time}" xmlns="' + NAMESPACE + '">'
	'<Fault type="AuthenticationFault"><Error code="100"><Message>General Authentication Error</Message>'
	"<Detail>AuthenticationFailed</Detail></Error></Fault></IntuitResponse>"
)
