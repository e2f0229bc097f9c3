"""Names, notes, markers, lengths and the frozen text: for any input, what QuickBooks accepts."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allorders_qb.mapping.errors import MappingError
from allorders_qb.mapping.marker import carries_marker, find_marker, make_marker, note_with_marker
from allorders_qb.mapping.names import clean_text, sanitise_name
from allorders_qb.mapping.payload import dump_payload, write_number

MARKER = make_marker("site-1", "SD-2026-00117", "invoice", 1)
# Any text at all, halves of surrogate pairs included.
WILD_TEXT = st.lists(st.integers(0, 0x10FFFF).map(chr)).map("".join)


@given(WILD_TEXT)
def test_a_sanitised_name_never_holds_what_quickbooks_refuses(name):
	try:
		text = sanitise_name(name)
	except MappingError as error:
		assert error.field == "Name"
		return
	assert not set(text) & set(":\t\n\r\\\x00")
	assert text == text.strip() and 0 < len(text) <= 100
	assert sanitise_name(text) == text
	text.encode("utf-8")


def test_names():
	assert sanitise_name('Bob\'s "Best": Café\\Tab') == 'Bob\'s "Best"- Café/Tab'
	assert sanitise_name("two\tparts\r\nhere ") == "two parts here"
	assert sanitise_name("Cafe\u0301") == "Café"
	with pytest.raises(MappingError, match="Customer Name is empty"):
		sanitise_name("\n", field="Customer Name")
	with pytest.raises(MappingError, match="Item X, Item Code: 101 characters .* Shorten it by 1"):
		sanitise_name("x" * 101, field="Item Code", about="Item X")


@given(WILD_TEXT)
def test_a_cleaned_text_can_travel(text):
	cleaned = clean_text(text)
	cleaned.encode("utf-8")
	assert not any(ord(letter) < 32 and letter not in "\n\t" for letter in cleaned)
	assert clean_text(cleaned) == cleaned


def test_markers_are_short_and_tell_document_role_generation_and_site_apart():
	assert MARKER.startswith("[AO SD-2026-00117 invoice/1 ") and len(MARKER) < 45
	others = [
		make_marker("site-2", "SD-2026-00117", "invoice", 1),
		make_marker("site-1", "SD-2026-00118", "invoice", 1),
		make_marker("site-1", "SD-2026-00117", "cogs", 1),
		make_marker("site-1", "SD-2026-00117", "invoice", 2),
	]
	assert len({MARKER, *others}) == 5
	assert make_marker("site-1", "SD-2026-00117", "invoice", 1) == MARKER


@given(st.text(max_size=140).filter(clean_text))
def test_a_marker_of_any_name_is_found_again(name):
	marker = make_marker("site-1", name, "invoice", 3)
	assert find_marker(f"note\n{marker} more") == marker
	assert carries_marker({"PrivateNote": f"Voided - note {marker}"}, marker)


def test_a_twin_is_known_by_exactly_its_marker():
	assert carries_marker({"PrivateNote": f"Voided - dock 4\n{MARKER}"}, MARKER)
	assert carries_marker({"PrivateNote": MARKER.replace(" ", "\n")}, MARKER)
	other = make_marker("site-1", "SD-2026-00117", "invoice", 2)
	for note in (None, "", "SD-2026-00117", other):
		assert not carries_marker({"PrivateNote": note}, MARKER)
	assert not carries_marker({}, MARKER)
	assert not carries_marker({"PrivateNote": "anything"}, "")
	assert find_marker("[AO something] else") is None and find_marker(None) is None


def test_note_and_marker_fit_4000_characters_or_are_refused():
	room = 4000 - len(MARKER) - 1
	assert len(note_with_marker("x" * room, MARKER)) == 4000
	with pytest.raises(MappingError, match="Private Note: .* Shorten it by 1") as caught:
		note_with_marker("x" * (room + 1), MARKER)
	assert caught.value.field == "Private Note"


def test_a_note_copied_from_another_document_does_not_carry_its_marker_on():
	other = make_marker("site-1", "SD-2026-00001", "invoice", 1)
	note = note_with_marker(f"Copied: {other}", MARKER)
	assert note == f"Copied:\n{MARKER}"
	assert not carries_marker({"PrivateNote": note}, other)
	assert (
		note_with_marker(other, MARKER)
		== note_with_marker("", MARKER)
		== note_with_marker(None, MARKER)
		== MARKER
	)


# The frozen text -------------------------------------------------------------------------------------------------------


def test_numbers_are_plain():
	numbers = {
		"1E+2": "100",
		"0E-7": "0",
		"-0.00": "0",
		"12.50": "12.5",
		"0.0000001": "0.0000001",
		"-3.10": "-3.1",
	}
	for number, text in numbers.items():
		assert write_number(Decimal(number)) == text
	assert (
		dump_payload({"n": Decimal("1E+2"), "i": 75, "b": True, "x": None})
		== '{"b":true,"i":75,"n":100,"x":null}'
	)


def test_text_is_utf8_and_keys_are_sorted():
	assert dump_payload({"b": "Café “日本”", "a": ['"', "\n"]}) == '{"a":["\\"","\\n"],"b":"Café “日本”"}'


@pytest.mark.parametrize("value", [0.1, Decimal("NaN"), Decimal("Infinity"), object(), {1, 2}])
def test_what_has_no_exact_text_is_refused(value):
	with pytest.raises(TypeError):
		dump_payload({"x": value})


@given(
	st.dictionaries(
		st.text(), st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**12), max_value=10**12)
	)
)
def test_the_text_reads_back_exactly(payload):
	text = dump_payload(payload)
	assert json.loads(text, parse_float=Decimal, parse_int=Decimal) == payload
	assert dump_payload(json.loads(text, parse_float=Decimal)) == text


@given(st.decimals(allow_nan=False, allow_infinity=False))
def test_a_number_never_has_an_exponent_or_idle_zeros(number):
	text = write_number(number)
	assert Decimal(text) == number
	assert set(text) <= set("0123456789.-")
	assert "." not in text or not text.endswith(("0", "."))
