"""Small pieces that several payloads share: references, addresses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from allorders_qb.mapping.errors import MappingError
from allorders_qb.mapping.limits import LIMITS, check_length
from allorders_qb.mapping.names import clean_line
from allorders_qb.mapping.posting import Address

_ADDRESS_FIELDS = (
	("line1", "Line1", "Line 1", "address_line"),
	("line2", "Line2", "Line 2", "address_line"),
	("city", "City", "City", "city"),
	("state", "CountrySubDivisionCode", "State", "state"),
	("postal_code", "PostalCode", "Postal Code", "postal_code"),
	("country", "Country", "Country", "country"),
)


def make_ref(entity_id: str) -> dict[str, str]:
	return {"value": entity_id}


def find_ref(
	ids: Mapping[str, str], name: str, field_label: str, *, about: str, row: int | None = None
) -> dict[str, str]:
	"""Return the QuickBooks reference of a local name; raises MappingError when it has no id yet."""
	entity_id = ids.get(name)
	if entity_id:
		return make_ref(entity_id)
	line = f"row {row}, " if row else ""
	raise MappingError(
		f'{about}, {line}{field_label}: "{name}" is not in QuickBooks yet, or its link is lost. '
		f"Send or synchronize it, or choose another.",
		field=field_label,
		row=row,
	)


def find_account(
	ids: Mapping[str, str], name: str | None, field_label: str, *, about: str, row: int | None = None
) -> dict[str, str]:
	"""Return the reference of an account that a field of a form or of the settings names; MappingError where it names none."""
	if not name:
		raise MappingError(
			f"{about}: {field_label} is empty, so it is not known what to post to. Choose an account.",
			field=field_label,
			row=row,
		)
	return find_ref(ids, name, field_label, about=about, row=row)


def build_address(address: Address | None, label: str, *, about: str) -> dict[str, Any] | None:
	"""Return an address as QuickBooks wants it, None when every field is empty. `label` is "Bill To" or "Ship To"."""
	if address is None:
		return None
	built = {}
	for attribute, key, field_label, limit in _ADDRESS_FIELDS:
		if text := clean_line(getattr(address, attribute)):
			built[key] = check_length(f"{label} {field_label}", text, LIMITS[limit], about=about)
	return built or None
