"""Who is who on the other side: proposals that never pair a record twice, and do not depend on any order."""

from hypothesis import given
from hypothesis import strategies as st

from allorders_qb.mapping.matching import BY_EMAIL, BY_ID, BY_NAME, BY_SKU, Proposal, Side, propose

words = st.sampled_from(
	["", "Acme", "ACME ", "acme", "Acme:East", "Acme-East", "Bolt", "bolt  m8", "Bolt M8"]
)
mails = st.sampled_from(["", "a@b.example", "A@B.example", "c@d.example"])


def make_side(name="", key=None, **values) -> Side:
	return Side(key or name, name, **values)


@st.composite
def draw_sides(draw, prefix: str, keys: list[str] | None = None):
	drawn = []
	for number in range(draw(st.integers(0, 7))):
		linked = draw(st.sampled_from(["", *keys])) if keys else ""
		drawn.append(
			Side(
				f"{prefix}{number}",
				draw(words),
				path=draw(words),
				email=draw(mails),
				sku=draw(st.sampled_from(["", "S-1", "s-1", "S-2"])),
				linked=linked,
			)
		)
	return drawn


REMOTE_KEYS = [f"t{number}" for number in range(7)]


@given(draw_sides("t"), draw_sides("o", REMOTE_KEYS), st.randoms())
def test_each_record_is_paired_once_at_most_whatever_the_order(theirs, ours, random):
	proposals = propose(theirs, ours)
	assert set(proposals) == {side.key for side in theirs}
	paired = [proposal.ours for proposal in proposals.values() if proposal.ours]
	assert len(paired) == len(set(paired))
	assert set(paired) <= {side.key for side in ours}
	for proposal in proposals.values():
		assert not (proposal.ours and proposal.candidates)
		assert bool(proposal.by) == bool(proposal.ours or proposal.candidates)
	mixed_theirs, mixed_ours = list(theirs), list(ours)
	random.shuffle(mixed_theirs)
	random.shuffle(mixed_ours)
	assert propose(mixed_theirs, mixed_ours) == proposals


@given(draw_sides("t"), draw_sides("o"))
def test_no_name_is_left_over_on_both_sides(theirs, ours):
	proposals = propose(theirs, ours)
	paired = {proposal.ours for proposal in proposals.values()}
	names = {simplify(side.name) for side in ours if side.key not in paired} - {""}
	unknown = {simplify(side.name) for side in theirs if proposals[side.key] == Proposal()}
	assert not names & unknown


def simplify(name: str) -> str:
	return " ".join(name.casefold().replace(":", "-").split())


def test_an_earlier_link_counts_more_than_a_name():
	theirs = [make_side("Acme", "7"), make_side("Bolt", "8")]
	ours = [make_side("Acme", linked="8"), make_side("Bolt")]
	assert propose(theirs, ours) == {"7": Proposal(), "8": Proposal("Acme", BY_ID)}


def test_case_blanks_and_what_we_send_for_a_colon_do_not_count():
	theirs = [make_side("acme   INC", "7"), make_side("East-West (deleted)", "8")]
	ours = [make_side("Acme Inc"), make_side("East:West")]
	assert propose(theirs, ours) == {"7": Proposal("Acme Inc", BY_NAME), "8": Proposal("East:West", BY_NAME)}


def test_an_item_below_another_pairs_by_its_path_before_its_name():
	theirs = [make_side("Small", "7", path="Shirts:Small"), make_side("Small", "8", path="Hats:Small")]
	ours = [make_side("Hats:Small"), make_side("Small", path="Shirts:Small")]
	assert propose(theirs, ours) == {"7": Proposal("Small", BY_NAME), "8": Proposal("Hats:Small", BY_NAME)}


def test_weaker_signs_pair_what_is_left_and_only_where_they_are_clear():
	theirs = [
		make_side("Acme Incorporated", "1", email="Ida@acme.example"),
		make_side("Hammer", "2", sku="H-1"),
		make_side("Shared A", "3", email="info@group.example"),
		make_side("Shared B", "4", email="info@group.example"),
		make_side("Nobody", "5"),
	]
	ours = [
		make_side("Acme", email="ida@ACME.example"),
		make_side("Big Hammer", sku="h-1"),
		make_side("Group", email="info@group.example"),
	]
	assert propose(theirs, ours) == {
		"1": Proposal("Acme", BY_EMAIL),
		"2": Proposal("Big Hammer", BY_SKU),
		"3": Proposal("", BY_EMAIL, ("Group",)),
		"4": Proposal("", BY_EMAIL, ("Group",)),
		"5": Proposal(),
	}
