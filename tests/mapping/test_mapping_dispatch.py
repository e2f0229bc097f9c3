"""Postings by their shape: which are zero, what each needs in QuickBooks, what QuickBooks made of them; items of each mode."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from provisions import REFERENCES, US, check_golden, make_line, make_sale
from test_mapping_books import make_adjustment, make_journal
from test_mapping_lists import CHAI
from test_mapping_purchase import make_bill

from allorders_qb.mapping.adjustment import build_adjustment
from allorders_qb.mapping.dispatch import Charges, compare_posting, is_zero, list_items, list_needed_records
from allorders_qb.mapping.errors import MappingError
from allorders_qb.mapping.item import build_item
from allorders_qb.mapping.journal import build_journal
from allorders_qb.mapping.posting import AdjustmentLine, JournalLine

D = Decimal
COUNTING = replace(US, tracks_quantities=True)
COUNTED = replace(
	CHAI,
	asset_account="Inventory Asset",
	inventory_start_date=date(2026, 1, 1),
	expense_account="Cost of Goods Sold",
)


def test_what_is_zero_is_told_by_shape():
	free = make_sale(make_line(unit_price="0"))
	assert is_zero(free) and not is_zero(replace(free, moves_stock=True))
	assert not is_zero(make_journal()) and is_zero(make_journal(JournalLine("Inventory Asset", D(0))))
	even = make_adjustment(AdjustmentLine(1, "CHAI-10", D(2)), AdjustmentLine(2, "CHAI-10", D(-2)))
	assert is_zero(even) and not is_zero(make_adjustment())


def test_a_journal_needs_nothing_and_an_adjustment_its_items():
	journal = make_journal(JournalLine("Inventory Asset", D(1), item="CHAI-10"))
	assert list_needed_records(journal, US, Charges()) == []
	assert list_items(journal) == {"CHAI-10"}
	assert list_needed_records(make_adjustment(), US, Charges()) == [("Item", "CHAI-10"), ("Item", "CUP-12")]


def test_a_party_comes_first():
	sale, bill = make_sale(), make_bill()
	assert list_needed_records(sale, US, Charges())[0] == ("Customer", sale.party)
	assert list_needed_records(bill, US, Charges())[0] == ("Vendor", bill.party)


def test_a_journal_is_compared_with_what_was_sent_not_with_what_it_costs_by_now():
	company = replace(US, tracks_departments=True, tracks_classes_per_line=True)
	sent = build_journal(make_journal(), REFERENCES, company, "mark")
	later = make_journal(JournalLine("Cost of Goods Sold", D(140)), JournalLine("Inventory Asset", D(-140)))
	same = compare_posting(later, US, sent, sent)
	assert (same.differs, same.total) == (False, D("135.00"))
	changed = {**sent, "Line": sent["Line"][:1]}
	assert compare_posting(later, US, sent, changed).differs


def test_an_adjustment_is_compared_by_its_quantities():
	sent = build_adjustment(make_adjustment(), REFERENCES, COUNTING, "mark")
	assert not compare_posting(make_adjustment(), COUNTING, sent, sent).differs
	assert compare_posting(make_adjustment(), COUNTING, sent, {**sent, "Line": sent["Line"][:1]}).differs


@pytest.mark.parametrize("build", [build_journal, build_adjustment])
def test_an_account_that_nobody_chose_is_named_by_its_field(build):
	document = (
		make_journal(
			JournalLine("", D(1), account_field="Labour Account"), JournalLine("Inventory Asset", D(-1))
		)
		if build is build_journal
		else make_adjustment(account="", account_field="Labour Account")
	)
	with pytest.raises(MappingError, match="Labour Account is empty") as caught:
		build(document, REFERENCES, COUNTING, "mark")
	assert caught.value.field == "Labour Account"


def test_an_item_that_quickbooks_counts_begins_with_nothing_on_hand():
	check_golden("item_inventory", build_item(COUNTED, REFERENCES, US))


def test_an_item_of_values_only_is_bought_to_the_asset_account():
	check_golden(
		"item_values_only", build_item(replace(CHAI, expense_account="Inventory Asset"), REFERENCES, US)
	)


def test_a_counted_item_keeps_its_quantity_and_type_in_an_update():
	current = {"Id": "7", "SyncToken": "3", "Type": "Inventory", "QtyOnHand": 12}
	payload = build_item(COUNTED, REFERENCES, US, current)
	assert not {"Type", "QtyOnHand", "InvStartDate", "TrackQtyOnHand", "AssetAccountRef"} & set(payload)


def test_a_counted_item_needs_a_start():
	with pytest.raises(MappingError, match="Start of Inventory"):
		build_item(replace(COUNTED, inventory_start_date=None), REFERENCES, US)
