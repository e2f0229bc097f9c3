"""Bodies in XML, the service's other format: the document of an entity, read by what the entity's properties are."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree

from qbo_emulator.faults import Fault
from qbo_emulator.fields import Field, Many, Struct
from qbo_emulator.wire import read_text

VALUE = "value"


def is_xml(content_type: str) -> bool:
	return "/xml" in content_type.lower()


def read_xml(body: bytes, name: str, schema: Struct) -> dict[str, Any]:
	"""Return the JSON form of ``<Invoice xmlns=…>…</Invoice>``; whether its values fit is for the schema to say.

	Raises 500 for bytes that are not UTF-8, else 2010: what is not XML, brings its own DTD, or is another entity.
	"""
	text = read_text(body)
	if "<!DOCTYPE" in text.upper():
		raise Fault("2010", "A document type is not allowed in the body")
	try:
		root = ElementTree.fromstring(text)
		if get_name(root) != name:
			raise Fault("2010", f"Property Name:{get_name(root)[:60]} is not the {name} of the address")
		return convert_children(root, schema)
	except (ElementTree.ParseError, RecursionError, ValueError):
		raise Fault("2010", "Property Name:failed to parse the XML of the body") from None


def get_name(element: ElementTree.Element) -> str:
	return element.tag.rpartition("}")[2]


def convert_children(element: ElementTree.Element, schema: Struct) -> dict[str, Any]:
	"""Return an element with children as an object; what repeats, or may, is a list."""
	found: dict[str, Any] = {get_attribute(key): value for key, value in element.attrib.items()}
	for child in element:
		name = get_name(child)
		field = schema.fields.get(name)
		inner = field.item if isinstance(field, Many) else field
		value = convert(child, inner)
		if isinstance(field, Many):
			found.setdefault(name, []).append(value)
		else:
			found[name] = value
	return found


def get_attribute(key: str) -> str:
	return key.rpartition("}")[2]


def convert(element: ElementTree.Element, field: Field | None) -> Any:
	"""Return an element's text, or an object where it has children, or where it is a reference with its name."""
	schema = field if isinstance(field, Struct) else Struct()
	if len(element):
		return convert_children(element, schema)
	text = (element.text or "").strip()
	if VALUE not in schema.fields:
		return text
	return {VALUE: text, **{get_attribute(key): value for key, value in element.attrib.items()}}
