"""Match Lists: two sides are read, compared and decided on; a reload and another person find everything as it was left."""

import re

import pytest
from playwright.sync_api import expect

STARTING = 90_000
"""Milliseconds: on a new site the only worker has Frappe's own jobs to do first."""

MATCH = "QuickBooks Match"


@pytest.fixture
def both_sides(office, company, lists):
	"""A few customers of both sides, some of them the same; what is left alone in the test is forgotten afterwards."""
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
	before = office.call("allorders_qb.api.connection.get_connection_status")
	assert before["ready"]
	office.update("QuickBooks Settings", "QuickBooks Settings", send_list_changes=0)
	for name, values in ours.items():
		if not office.has("AO Customer", name):
			office.insert("AO Customer", customer_name=name, **values)
	made = {
		name: company.post("Customer", {"DisplayName": name, **values}) for name, values in theirs.items()
	}
	company.control("DELETE", f"{company.realm_id}/requests")
	yield made
	office.update("QuickBooks Settings", "QuickBooks Settings", send_list_changes=1)
	for row in office.find(MATCH, ["name"]):
		office.http.delete(f"{office.base_url}/api/resource/{MATCH}/{row['name']}")


def open_page(user):
	user.open("match-lists")
	area = user.page.locator(".match-lists:visible")
	expect(area.locator(".match-card, .match-tabs").first).to_be_visible()
	return area


def choose_view(user, area, key: str) -> None:
	area.locator(f'[data-view="{key}"]').click()
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


def test_only_managers_come_in(clerk):
	with clerk.expect_refusal(403):
		clerk.open("match-lists")
		clerk.settle()
	expect(clerk.page.locator(".match-tabs:visible, .match-card:visible")).to_have_count(0)
