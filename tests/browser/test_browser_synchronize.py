"""Synchronizing from the desk: Sync Now with its progress, what a run tells, stopping."""

import re

import pytest
from playwright.sync_api import expect

SLOWLY = 700
"""Milliseconds that QuickBooks takes for each answer, so that a person can watch."""


@pytest.fixture
def slow_company(company):
	company.set_knobs(latency_ms=SLOWLY)
	yield company
	company.set_knobs(latency_ms=0)


def open_workspace(user) -> None:
	user.open("all-orders")
	expect(user.page.locator(".quickbooks-sync")).to_be_visible()


def wait_for_end(user) -> None:
	expect(user.page.locator(".quickbooks-sync .progress:visible")).to_have_count(0, timeout=60_000)


def test_sync_now_shows_its_progress_and_survives_a_reload(books, warehouse, slow_company, office, set_rule):
	set_rule("At Synchronization")
	name = warehouse.ship()
	open_workspace(books)
	panel = books.page.locator(".quickbooks-sync")
	panel.get_by_role("button", name="Sync Now").click()
	bar = panel.locator("[role=progressbar]")
	expect(bar).to_be_visible()
	expect(panel.get_by_role("button", name="Stop")).to_be_visible()
	expect(panel.locator(".quickbooks-sync-text")).to_contain_text(
		re.compile("Sending|Reading"), timeout=20_000
	)
	expect(bar).not_to_have_attribute("aria-valuenow", "0", timeout=30_000)
	books.picture("sync-progress")
	books.page.reload()
	expect(bar).to_be_visible(timeout=20_000)
	wait_for_end(books)
	expect(panel.get_by_role("button", name="Sync Now")).to_be_visible()
	expect(panel).to_contain_text("Finished")
	expect(panel).to_contain_text("Ship Doc: 1 sent")
	books.picture("sync-workspace")
	assert slow_company.query(f"SELECT * FROM Invoice WHERE DocNumber = '{name}'")


def test_the_run_tells_what_it_did(books, office):
	last = office.find("QuickBooks Sync Run", ["name"], status="Finished")[0]["name"]
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
	expect(panel.locator(".quickbooks-sync-text")).to_contain_text("Reading", timeout=20_000)
	panel.get_by_role("button", name="Stop").click()
	wait_for_end(books)
	expect(panel).to_contain_text("stopped it")
	assert office.find("QuickBooks Sync Run", ["name"], status="Stopped")


def test_who_may_not_run_one_sees_how_things_stand_and_no_button(clerk):
	open_workspace(clerk)
	expect(clerk.page.locator(".quickbooks-sync").get_by_role("button")).to_have_count(0)
