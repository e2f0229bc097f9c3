"""The three-way merge, over everything that two sides may do: nothing is lost in silence, and both come to agree."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from allorders_qb.mapping.merge import ALL_ORDERS, QUICKBOOKS, WHOEVER, merge
from allorders_qb.mapping.neutral import CHECK, CODE, NAME, NUMBER, REFERENCE, TEXT, ListField, is_same

FIELDS = (
	ListField("name", "Name", NAME),
	ListField("note", "Note", TEXT),
	ListField("price", "Price", NUMBER),
	ListField("terms", "Terms", REFERENCE),
	ListField("account", "Account", REFERENCE, silent=True),
	ListField("inactive", "Inactive", CHECK),
	ListField("currency", "Currency", CODE, reported=True),
)
COPIED = tuple(field for field in FIELDS if not field.reported)
WORDS = st.sampled_from(("", "a", "b", "A", "a  b", "a b", "c: d", "c- d"))
VALUES = {
	"name": WORDS,
	"note": WORDS,
	"price": st.sampled_from(("0", "1", "1.0", "2.5")),
	"terms": st.sampled_from(("", "3", "4")),
	"account": st.sampled_from(("", "79", "80")),
	"inactive": st.sampled_from(("", "1")),
	"currency": st.sampled_from(("USD", "usd", "EUR")),
}
RECORDS = st.fixed_dictionaries(VALUES)
BASES = st.fixed_dictionaries({}, optional=VALUES)
OWNERS = st.dictionaries(st.sampled_from(tuple(VALUES)), st.sampled_from((WHOEVER, ALL_ORDERS, QUICKBOOKS)))
SWAPPED = {ALL_ORDERS: QUICKBOOKS, QUICKBOOKS: ALL_ORDERS, WHOEVER: WHOEVER}


def names(differences) -> set[str]:
	return {difference.fieldname for difference in differences}


def agree(field: ListField, ours: dict, theirs: dict) -> bool:
	mine, other = ours[field.fieldname], theirs[field.fieldname]
	return is_same(field.kind, mine, other) or (field.silent and not mine)


@given(BASES, RECORDS, RECORDS, OWNERS)
def test_nothing_is_lost_in_silence(base, ours, theirs, owners):
	"""A value disappears only because that side did not change it, because the owner says so, or not at all."""
	merged = merge(FIELDS, base, ours, theirs, owners)
	for field in COPIED:
		name = field.fieldname
		if field.silent and not ours[name]:
			assert name not in merged.pending
			continue
		if agree(field, ours, theirs) or name in names(merged.conflicts):
			assert name not in merged.taken and name not in merged.pending
			continue
		assert (name in merged.taken) != (name in merged.pending), name
		lost, side = (ours[name], QUICKBOOKS) if name in merged.taken else (theirs[name], ALL_ORDERS)
		never_agreed_and_blank = name not in base and lost in ("", "0")
		unchanged = name in base and is_same(field.kind, lost, base[name])
		assert unchanged or never_agreed_and_blank or owners.get(name) == side


@given(BASES, RECORDS, RECORDS, OWNERS)
def test_both_sides_agree_afterwards_but_for_conflicts(base, ours, theirs, owners):
	merged = merge(FIELDS, base, ours, theirs, owners)
	ours_after = {**ours, **merged.taken}
	theirs_after = {**theirs, **{name: ours_after[name] for name in merged.pending}}
	for field in COPIED:
		if field.fieldname not in names(merged.conflicts):
			assert agree(field, ours_after, theirs_after)
	again = merge(
		FIELDS, {**merged.agreed, **{n: ours[n] for n in merged.pending}}, ours_after, theirs_after, owners
	)
	assert (again.taken, again.pending, again.reported) == ({}, frozenset(), ())
	assert again.conflicts == merged.conflicts


@given(BASES, RECORDS, RECORDS, OWNERS)
def test_a_second_merge_of_the_same_changes_nothing(base, ours, theirs, owners):
	first = merge(FIELDS, base, ours, theirs, owners)
	second = merge(FIELDS, first.agreed, {**ours, **first.taken}, theirs, owners)
	assert second.taken == {}
	assert second.pending == first.pending
	assert second.conflicts == first.conflicts
	assert second.agreed == first.agreed


@given(BASES, RECORDS, RECORDS, OWNERS)
def test_it_does_not_matter_which_side_merges(base, ours, theirs, owners):
	symmetric = tuple(ListField(f.fieldname, f.label, f.kind) for f in COPIED)
	here = merge(symmetric, base, ours, theirs, owners)
	there = merge(symmetric, base, theirs, ours, {name: SWAPPED[owner] for name, owner in owners.items()})
	assert set(here.taken) == there.pending and here.pending == set(there.taken)
	assert names(here.conflicts) == names(there.conflicts)


def test_two_fields_two_people_no_conflict():
	base = {"name": "Acme", "note": "old", "price": "1"}
	merged = merge(COPIED, base, {**base, "note": "ours"}, {**base, "price": "2"})
	assert merged.taken == {"price": "2"} and merged.pending == {"note"} and merged.conflicts == ()


def test_a_conflict_keeps_its_base_and_is_neither_taken_nor_sent():
	base = {"note": "old"}
	merged = merge(FIELDS[1:2], base, {"note": "ours"}, {"note": "theirs"})
	assert merged.agreed == {"note": "old"}
	assert (merged.taken, merged.pending) == ({}, frozenset())
	assert [(c.base, c.ours, c.theirs) for c in merged.conflicts] == [("old", "ours", "theirs")]


def test_a_currency_changed_in_quickbooks_is_reported_and_not_copied():
	merged = merge(FIELDS[-1:], {"currency": "USD"}, {"currency": "USD"}, {"currency": "EUR"})
	assert (merged.taken, merged.pending) == ({}, frozenset())
	assert [(r.base, r.theirs) for r in merged.reported] == [("USD", "EUR")]
	assert merge(FIELDS[-1:], merged.agreed, {"currency": "USD"}, {"currency": "EUR"}).reported == ()


def test_an_account_we_say_nothing_about_is_taken_only_when_it_changes():
	field = FIELDS[4:5]
	assert merge(field, {}, {"account": ""}, {"account": "79"}).taken == {}
	assert merge(field, {"account": "79"}, {"account": ""}, {"account": "80"}).taken == {"account": "80"}
