"""Synchronizing from the desk: Sync Now with its progress, what a run tells, stopping."""

import re

import pytest
from playwright.sync_api import expect

from allorders_qb.tests.emulated import wait_until

SLOWLY = 2500
"""Milliseconds that QuickBooks takes for each answer, so that a person can watch."""

STARTING = 90_000
"""Milliseconds: on a new site the only worker has Frappe's own jobs to do first."""


@pytest.fixture
def slow_company(company):
	company.set_knobs(latency_ms=SLOWLY)
	yield company
	company.set_knobs(latency_ms=0)


def open_workspace(user) -> None:
	user.open("all-orders")
	expect(user.page.locator(".quickbooks-sync")).to_be_visible()


def expect_end(user) -> None:
	"""The desk tells when a run that was started here has ended."""
	alert = user.page.locator(".desk-alert").filter(has_text="Finished").first
	expect(alert).to_be_visible(timeout=STARTING)


def wait_for_end(user) -> None:
	expect(user.page.locator(".quickbooks-sync .progress:visible")).to_have_count(0, timeout=STARTING)


def test_sync_now_shows_its_progress_and_survives_a_reload(books, warehouse, slow_company, office, set_rule):
	set_rule("At Synchronization")
	# Of one customer: they leave one after the other.
	names = [warehouse.ship() for _number in range(4)]
	open_workspace(books)
	panel = books.page.locator(".quickbooks-sync")
	panel.get_by_role("button", name="Sync Now").click()
	bar = panel.locator("[role=progressbar]")
	expect(bar).to_be_visible()
	expect(panel.get_by_role("button", name="Stop")).to_be_visible()
	expect(panel.locator(".quickbooks-sync-text")).to_contain_text(
		re.compile("Sending|Reading"), timeout=STARTING
	)
	expect(bar).not_to_have_attribute("aria-valuenow", "0", timeout=STARTING)
	books.picture("sync-progress")
	books.page.reload()
	expect(bar).to_be_visible()
	wait_for_end(books)
	expect(panel.get_by_role("button", name="Sync Now")).to_be_visible()
	expect(panel).to_contain_text("Finished")
	expect(panel).to_contain_text(re.compile(r"Ship Doc: \d+ sent"))
	books.picture("sync-workspace")
	for name in names:
		assert slow_company.query(f"SELECT * FROM Invoice WHERE DocNumber = '{name}'")


def test_the_run_tells_what_it_did(books, office):
	last = office.find("QuickBooks Sync Run", ["name"], status="Finished")[-1]["name"]
	books.open("quickbooks-sync-run")
	books.open_list("QuickBooks Sync Run")
	expect(books.form.locator(".quickbooks-sync")).to_be_visible()
	expect(books.form.locator(".list-row-container").first).to_contain_text("Since Last")
	books.picture("sync-runs")
	books.open_form("QuickBooks Sync Run", last)
	expect(books.form.locator('[data-fieldname="lists"]').first).to_contain_text("Ship Doc")
	books.picture("sync-run")


def test_a_run_is_stopped(books, slow_company, office):
	open_workspace(books)
	panel = books.page.locator(".quickbooks-sync")
	panel.get_by_role("button", name="Sync Now").click()
	expect(panel.locator(".quickbooks-sync-step")).to_have_text("Since Last", timeout=STARTING)
	panel.get_by_role("button", name="Stop").click()
	wait_for_end(books)
	expect(panel).to_contain_text("stopped it")
	assert office.find("QuickBooks Sync Run", ["name"], status="Stopped")


def test_who_may_not_run_one_sees_how_things_stand_and_no_button(clerk):
	open_workspace(clerk)
	expect(clerk.page.locator(".quickbooks-sync").get_by_role("button")).to_have_count(0)


@pytest.fixture
def send_all(office, set_rule):
	"""Send All for transactions, documents by button; off again afterwards."""
	set_rule("By Button")

	def write(**values) -> None:
		office.update("QuickBooks Settings", "QuickBooks Settings", **values)

	write(send_all_transactions=1)
	yield write
	write(send_all_transactions=0, release_by_second_person=0, send_all_filters=[])


def test_the_preview_says_what_goes_what_stays_and_why(books, warehouse, company, office, send_all, set_rule):
	set_rule("At Synchronization")
	goes = warehouse.ship()
	set_rule("By Button")
	never = warehouse.ship()
	office.call(
		"allorders_qb.api.documents.never_send",
		doctype="AO Ship Doc",
		name=never,
		reason="Entered in QuickBooks by hand",
	)
	send_all(release_by_second_person=1)
	waiting = warehouse.ship()
	books.open_list("QuickBooks Sync Run")
	books.press("Preview Send All")
	rows = {name: books.dialog.locator(f'tr[data-name="{name}"]') for name in (goes, never, waiting)}
	expect(rows[never]).to_contain_text("Entered in QuickBooks by hand")
	expect(rows[goes]).to_have_attribute("data-goes", "1")
	expect(rows[waiting]).to_contain_text("releases it")
	expect(rows[waiting]).to_have_attribute("data-goes", "0")
	books.picture("send-all-preview")
	books.dialog.get_by_role("button", name=re.compile("Release .* of Others")).click()
	books.answer("Yes")
	expect(rows[waiting]).to_have_attribute("data-goes", "1")
	books.close_dialog()
	books.form.locator(".quickbooks-sync").get_by_role("button", name="Sync Now").click()
	expect_end(books)
	for name in (goes, waiting):
		assert company.query(f"SELECT * FROM Invoice WHERE DocNumber = '{name}'")
	assert not company.query(f"SELECT * FROM Invoice WHERE DocNumber = '{never}'")


def test_a_second_person_releases_a_document_on_its_form(
	clerk, books, warehouse, office, company, send_all, set_rule
):
	send_all(release_by_second_person=1, send_all_transactions=0)
	set_rule("On Submit")
	name = warehouse.pack()
	clerk.open_form("AO Ship Doc", name)
	clerk.submit()
	clerk.expect_status("Not Sent")
	expect(clerk.sentence).to_contain_text("it waits until somebody other than Iris Calloway releases it")
	expect(clerk.button("Invoice")).to_have_count(0)
	expect(clerk.sentence.get_by_role("button", name="Release")).to_have_count(0)
	clerk.picture("waits-for-release")
	books.open_form("AO Ship Doc", name)
	books.sentence.get_by_role("button", name="Release").click()
	books.expect_status("Sent")
	assert company.query(f"SELECT * FROM Invoice WHERE DocNumber = '{name}'")


def test_sync_this_from_a_form_and_a_list(books, office, company, lists):
	books.open_form("AO Customer", "The Brass Heron")
	books.press_in("QuickBooks", "Sync This")
	books.expect_alert("Synchronizing The Brass Heron with QuickBooks")
	expect_end(books)
	books.open_list("AO Item")
	books.form.locator('.list-row-checkbox[data-name="KC-101"]').check()
	books.press_in("Actions", "Sync Selected with QuickBooks")
	expect_end(books)
	runs = office.find("QuickBooks Sync Run", ["scope"], kind="Selected Records")
	assert ["AO Customer" in runs[0]["scope"], "KC-101" in runs[-1]["scope"]] == [True, True]


def test_lists_are_chosen_with_a_date(books, office):
	books.open_list("QuickBooks Sync Run")
	books.press("Sync Lists…")
	books.dialog.get_by_label("QuickBooks Term").check()
	books.picture("sync-lists")
	books.answer("Sync These")
	wanted = {"kind": "Selected Lists", "scope": '{"lists": ["QuickBooks Term"]}', "status": "Finished"}
	wait_until(lambda: office.find("QuickBooks Sync Run", ["name"], **wanted), STARTING / 1000)
