"""Match Lists: two sides are read, compared and decided on; a reload and another person find everything as it was left."""

import re

import pytest
from playwright.sync_api import expect

from allorders_qb.tests.emulated import wait_until

STARTING = 90_000
"""Milliseconds: on a new site the only worker has Frappe's own jobs to do first."""

TYPING = 600
"""Milliseconds: longer than the page waits for another letter."""

MATCH = "QuickBooks Match"


@pytest.fixture
def meet(office, company, lists):
	"""Makes customers of both sides (name -> values); what is left alone in the test is forgotten afterwards."""
	before = office.call("allorders_qb.api.connection.get_connection_status")
	assert before["ready"]
	end_matching(office)
	office.update("QuickBooks Settings", "QuickBooks Settings", send_list_changes=0)

	def make(ours: dict, theirs: dict) -> dict:
		for name, values in ours.items():
			if not office.has("AO Customer", name):
				office.insert("AO Customer", customer_name=name, **values)
		made = {name: find_or_make(company, name, values) for name, values in theirs.items()}
		company.control("DELETE", f"{company.realm_id}/requests")
		return made

	yield make
	end_matching(office)
	office.update("QuickBooks Settings", "QuickBooks Settings", send_list_changes=1)
	for row in office.find(MATCH, ["name"]):
		office.http.delete(f"{office.base_url}/api/resource/{MATCH}/{row['name']}")


@pytest.fixture
def both_sides(meet):
	"""A few customers of both sides, some of them the same."""
	ours = {
		"Harbor Lights Inn": {"email": "desk@harborlights.example"},
		"Marlow Trading": {"email": "orders@marlow.example"},
		"Seabright North": {"email": "buyer@seabright.example"},
		"Seabright South": {"email": "buyer@seabright.example"},
		"Tide & Timber": {},
	}
	theirs = {
		"HARBOR LIGHTS  INN": {},
		"Marlow & Daughters": {"PrimaryEmailAddr": {"Address": "Orders@marlow.example"}},
		"Seabright": {"PrimaryEmailAddr": {"Address": "buyer@seabright.example"}},
		"Gull Street Bakery": {"PrimaryEmailAddr": {"Address": "hello@gullstreet.example"}},
		"Old Pier Fish Co.": {},
	}
	return meet(ours, theirs)


@pytest.fixture
def strangers(meet):
	"""Customers of both sides of which no sign tells that they are the same."""
	ours = {"Lantern House": {}, "Lantern Yard": {}, "Lantern Gate": {}}
	return meet(ours, {f"Lobster Pot {number}": {} for number in range(1, 5)})


def end_matching(office) -> None:
	"""Whatever a test has left of a later matching: the next one begins at the beginning."""
	state = office.call("allorders_qb.api.matching.get_state")
	if state["status"] == "Reading":
		office.call("allorders_qb.api.matching.go_on")
		wait_until(
			lambda: office.call("allorders_qb.api.matching.get_state")["status"] == "Deciding",
			STARTING / 1000,
		)
	state = office.call("allorders_qb.api.matching.get_state")
	if state["status"] == "Deciding" and state["matched_at"]:
		office.call("allorders_qb.api.matching.give_up")


def find_or_make(company, name: str, values: dict) -> dict:
	"""The customer of that name in QuickBooks."""
	found = company.query(f"SELECT * FROM Customer WHERE DisplayName = '{name}'")
	return found[0] if found else company.post("Customer", {"DisplayName": name, **values})


def open_page(user):
	user.open("match-lists")
	area = user.page.locator(".match-lists:visible")
	expect(area.locator(".match-card, .match-tabs").first).to_be_visible()
	return area


def choose_view(user, area, key: str) -> None:
	area.locator(f'[data-view="{key}"]').click()
	user.settle()


def search(user, area, text: str) -> None:
	"""Look for something, and wait until what was found is shown: drawing it forgets what was selected."""
	area.locator(".match-search").fill(text)
	user.page.wait_for_timeout(TYPING)
	user.settle()


def press(user, row, label: str) -> None:
	row.get_by_role("button", name=label, exact=True).click()
	user.settle()


def list_writes(company) -> list[dict]:
	return [entry for entry in company.get_requests() if entry["operation"] in ("create", "update", "batch")]


def test_from_reading_to_the_end(books, log_in, office, company, both_sides):
	area = open_page(books)
	books.picture("match-lists-start")
	area.get_by_role("button", name=re.compile("Read Both Sides|Match Again")).click()
	expect(area.locator(".match-tabs")).to_be_visible(timeout=STARTING)
	area.locator('[data-list="AO Customer"]').click()
	choose_view(books, area, "proposed")
	row = area.locator('tr[data-title="Marlow & Daughters"]')
	expect(row.locator(".match-ours")).to_contain_text("Marlow Trading")
	expect(row).to_contain_text("E-mail")
	books.picture("match-lists-proposed")
	press(books, row, "Link")
	expect(row).to_have_count(0)
	choose_view(books, area, "several_candidates")
	row = area.locator('tr[data-title="Seabright"]')
	books.picture("match-lists-candidates")
	row.get_by_role("button", name=re.compile("Seabright South")).click()
	expect(row).to_have_count(0)
	choose_view(books, area, "only_theirs")
	press(books, area.locator('tr[data-title="Gull Street Bakery"]'), "Import as New")

	# A reload, and another person, find what was decided.
	books.page.reload()
	area = open_page(books)
	expect(area.locator(".match-sentence")).to_contain_text("2 linked, 1 imported")
	owner = log_in("owner")
	theirs = open_page(owner)
	theirs.locator('[data-list="AO Customer"]').click()
	theirs.locator(".match-search").fill("tide")
	choose_view(owner, theirs, "only_ours")
	press(owner, theirs.locator('tr[data-title="Tide & Timber"]'), "Create in QuickBooks")
	theirs.locator(".match-search").fill("harbor lights")
	choose_view(owner, theirs, "proposed")
	press(owner, theirs.locator("tbody tr").first, "Link")

	area = open_page(books)
	expect(area.locator(".match-sentence")).to_contain_text("3 linked, 1 imported, 1 created in QuickBooks")
	expect(area.get_by_role("button", name="Confirm …")).to_be_disabled()
	area.get_by_role("button", name="Decide the Rest …").click()
	dialog = books.page.locator(".modal.show")
	for field in ("proposed", "theirs", "ours"):
		dialog.locator(f'[data-fieldname="{field}"] select').select_option("Leave Alone")
	books.picture("match-lists-rest")
	dialog.get_by_role("button", name="Decide", exact=True).click()
	books.settle()
	area.get_by_role("button", name="Confirm …").click()
	dialog = books.page.locator(".modal.show").filter(has_text="Carry This Out?")
	expect(dialog.locator(".match-summary")).to_contain_text("3 linked, 1 imported, 1 created in QuickBooks")
	expect(dialog).to_contain_text("Made in QuickBooks: 1.")
	books.picture("match-lists-confirm")
	assert list_writes(company) == []
	dialog.get_by_role("button", name="Carry Out").click()
	expect(area).to_contain_text("The lists are matched", timeout=STARTING)
	books.picture("match-lists-done")
	assert office.has("AO Customer", "Gull Street Bakery")
	assert not office.has("AO Customer", "Old Pier Fish Co.")
	links = {
		row["reference_name"]: row["quickbooks_id"]
		for row in office.find("QuickBooks Link", ["reference_name", "quickbooks_id"])
	}
	assert links["Marlow Trading"] == both_sides["Marlow & Daughters"]["Id"]
	assert links["Seabright South"] == both_sides["Seabright"]["Id"]
	assert "Seabright North" not in links


def start_reading(area) -> None:
	area.get_by_role("button", name=re.compile("Read Both Sides|Match Again")).click()


def test_many_are_decided_at_once(books, company, strangers):
	area = open_page(books)
	start_reading(area)
	expect(area.locator(".match-tabs")).to_be_visible(timeout=STARTING)
	area.locator('[data-list="AO Customer"]').click()

	# Some of a view, by their boxes.
	search(books, area, "lobster")
	choose_view(books, area, "only_theirs")
	rows = area.locator(".match-table tbody tr")
	wanted = len(strangers)
	expect(rows).to_have_count(wanted)
	area.locator(".match-all").check()
	bulk = area.locator(".match-bulk")
	expect(bulk).to_contain_text(f"{wanted} selected:")
	rows.first.locator(".match-pick").uncheck()
	expect(bulk).to_contain_text(f"{wanted - 1} selected:")
	books.picture("match-lists-many")
	press(books, bulk, "Leave Alone")
	expect(rows).to_have_count(1)

	# All of a view, however many: asked once more.
	search(books, area, "lantern")
	choose_view(books, area, "only_ours")
	number = 3
	expect(bulk).to_contain_text(f"All {number} of this view:")
	press(books, bulk, "Create in QuickBooks")
	assert f"all {number} of this view?" in books.read_dialog()
	books.answer("Yes")
	expect(area.locator(".match-table")).to_contain_text("Nothing is called “lantern” here.")
	expect(area.locator(".match-sentence")).to_contain_text(f"{number} created in QuickBooks")

	# Undone, all of them are open again.
	choose_view(books, area, "decided")
	press(books, bulk, "Undo")
	books.answer("Yes")
	expect(area.locator(".match-sentence")).to_contain_text("0 created in QuickBooks")
	assert list_writes(company) == []


def test_a_record_is_linked_to_one_that_no_sign_tells(books, company, strangers):
	area = open_page(books)
	start_reading(area)
	expect(area.locator(".match-tabs")).to_be_visible(timeout=STARTING)
	area.locator('[data-list="AO Customer"]').click()
	search(books, area, "lobster pot 2")
	choose_view(books, area, "all")
	press(books, area.locator('tr[data-title="Lobster Pot 2"]'), "Link to …")
	dialog = books.page.locator(".modal.show")
	dialog.locator('[data-fieldname="search"] input').fill("lantern y")
	found = dialog.get_by_role("button", name=re.compile("^Lantern Yard"))
	expect(found).to_be_visible()
	books.picture("match-lists-link-to")
	found.click()
	row = area.locator('tr[data-title="Lobster Pot 2"]')
	expect(row.locator(".match-ours")).to_contain_text("Lantern Yard")
	expect(row.locator(".match-actions")).to_contain_text("Undo")
	assert list_writes(company) == []


def test_it_is_stopped_and_gone_on_with(books, log_in, company, strangers):
	area = open_page(books)
	company.set_knobs(latency_ms=2000)
	try:
		start_reading(area)
		expect(area).to_contain_text("Both sides are being read")
		expect(area.locator(".match-progress")).to_contain_text(
			"customer", ignore_case=True, timeout=STARTING
		)
		books.picture("match-lists-reading")
		area.get_by_role("button", name="Stop").click()
		expect(area).to_contain_text("The reading was not finished", timeout=STARTING)
	finally:
		company.set_knobs(latency_ms=0)
	expect(area).to_contain_text("Nothing has been changed on either side.")
	expect(area).to_contain_text("Noor Haddad stopped it.")
	books.picture("match-lists-stopped")

	# Somebody else goes on.
	other = open_page(log_in("owner"))
	other.get_by_role("button", name="Go On").click()
	expect(other.locator(".match-tabs")).to_be_visible(timeout=STARTING)
	assert list_writes(company) == []


def test_only_managers_come_in(clerk):
	with clerk.expect_refusal(403):
		clerk.open("match-lists")
		clerk.settle()
	expect(clerk.page.locator(".match-tabs:visible, .match-card:visible")).to_have_count(0)
