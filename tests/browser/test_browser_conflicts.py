"""Differences to decide: both values are seen, a person answers, and both sides are as decided."""

import pytest
from playwright.sync_api import expect

from allorders_qb.tests.emulated import wait_until

CUSTOMERS = ("Café Ondine", "The Brass Heron", "Nell's Pantry & Table")
CONFLICT = "QuickBooks Conflict"
SECONDS = 90
"""On a new site the only worker has Frappe's own jobs to do first."""


@pytest.fixture
def differ(office, company, lists):
	"""Change the note of these customers on both sides, each in its own way, and synchronize."""

	def change(*names: str) -> None:
		wait_until(lambda: not list_under_way(office), SECONDS)
		office.update("QuickBooks Settings", "QuickBooks Settings", send_list_changes=0)
		for name in names:
			[there] = [one for one in list_customers(company) if one["DisplayName"] == name]
			company.post(
				"Customer",
				{
					"Id": there["Id"],
					"SyncToken": there["SyncToken"],
					"sparse": True,
					"Notes": "Closed on Mondays.",
				},
			)
			office.update("AO Customer", name, notes="Deliver before noon.")
		office.update("QuickBooks Settings", "QuickBooks Settings", send_list_changes=1)
		run = office.call("allorders_qb.api.runs.sync_now")["name"]
		wait_until(lambda: is_over(office, run), SECONDS)

	yield change
	office.update("QuickBooks Settings", "QuickBooks Settings", send_list_changes=1)


def list_under_way(office) -> list[dict]:
	"""Entries of customers that have not come to an end yet."""
	return office.find(
		"QuickBooks Queue Entry",
		["name"],
		reference_name=["in", CUSTOMERS],
		status=["not in", ("Sent", "Not Needed")],
	)


def is_over(office, run: str) -> bool:
	return office.get("QuickBooks Sync Run", run)["status"].startswith("Finished")


def list_customers(company) -> list[dict]:
	return company.query("SELECT * FROM Customer MAXRESULTS 1000")


def read_notes(company, name: str) -> str:
	return next(one.get("Notes") for one in list_customers(company) if one["DisplayName"] == name)


def test_a_difference_is_decided_on_its_form_and_others_in_the_list(books, office, company, differ):
	differ(*CUSTOMERS)
	books.open("all-orders")
	card = books.form.locator(".number-widget-box").filter(has_text="Differences to Decide")
	expect(card.locator(".number")).to_have_text("3")
	card.click()
	books.page.wait_for_url("**/app/quickbooks-conflict**")
	books.expect_list()
	expect(books.form.locator(".list-row-container")).to_have_count(3)
	books.picture("conflicts")

	[conflict] = office.find(CONFLICT, ["name"], record=CUSTOMERS[0], status="Open")
	books.open_form(CONFLICT, conflict["name"])
	for fieldname, value in (
		("ours_shown", "Deliver before noon."),
		("theirs_shown", "Closed on Mondays."),
	):
		expect(books.form.locator(f'[data-fieldname="{fieldname}"]').first).to_contain_text(value)
	expect(books.form).to_contain_text("Both sides have changed it.")
	books.picture("conflict")
	books.press("Another Value")
	books.dialog.locator("textarea").fill("Closed on Mondays. Deliver before noon.")
	books.answer("Apply to Both")
	books.expect_values(status="Resolved", answer="Another Value")
	both = "Closed on Mondays. Deliver before noon."
	wait_until(lambda: read_notes(company, CUSTOMERS[0]) == both, SECONDS)
	assert office.get("AO Customer", CUSTOMERS[0])["notes"] == both

	books.open_form("AO Customer", CUSTOMERS[1])
	expect(books.form.locator(".quickbooks-why")).to_contain_text("1 difference")
	[conflict] = office.find(CONFLICT, ["name"], record=CUSTOMERS[1], status="Open")
	books.open_form(CONFLICT, conflict["name"])
	books.press("Take QuickBooks'")
	expect(books.dialog).to_contain_text("in place of Deliver before noon.")
	books.answer("Yes")
	books.expect_values(status="Resolved")
	assert office.get("AO Customer", CUSTOMERS[1])["notes"] == "Closed on Mondays."

	books.open_list(CONFLICT)
	[conflict] = office.find(CONFLICT, ["name"], record=CUSTOMERS[2], status="Open")
	books.form.locator(f'.list-row-checkbox[data-name="{conflict["name"]}"]').check()
	books.press_in("Actions", "Keep Ours")
	books.answer("Yes")
	expect(books.dialog).to_contain_text("1 of 1 decided")
	books.close_dialog()
	wait_until(lambda: read_notes(company, CUSTOMERS[2]) == "Deliver before noon.", SECONDS)
	assert not office.find(CONFLICT, ["name"], status="Open")


def test_who_may_not_decide_sees_both_values_and_no_button(clerk, books, office, differ):
	differ(CUSTOMERS[0])
	[conflict] = office.find(CONFLICT, ["name"], record=CUSTOMERS[0], status="Open")
	clerk.open_form(CONFLICT, conflict["name"])
	expect(clerk.form).to_contain_text("A QuickBooks Manager decides this.")
	expect(clerk.button("Keep Ours")).to_have_count(0)
	books.open_form(CONFLICT, conflict["name"])
	books.press("Keep Ours")
	books.answer("Yes")
	books.expect_values(status="Resolved")
