"""QuickBooks Settings: connect a company through its consent page, see how it is, disconnect, connect again."""

import re

from desk_cast import make_settings
from playwright.sync_api import expect

COMPANY_NAME = "Cascade & Harbor Trading Co."


CONNECT = re.compile("^Connect (to QuickBooks|Again)$")


def give_consent(books) -> None:
	"""Press Connect on the consent page, and come back to the settings."""
	books.page.wait_for_url(re.compile("/connect/oauth2"))
	expect(books.page.get_by_text(COMPANY_NAME)).to_be_visible()
	books.page.get_by_role("button", name="Connect", exact=True).click()
	books.page.wait_for_url(re.compile("quickbooks-settings"))
	books.settle()


def test_a_manager_connects_a_company(books, company):
	books.open("quickbooks-settings")
	panel = books.form.locator('[data-fieldname="connection_status"]')
	expect(panel.locator(".quickbooks-connection")).to_be_visible()
	if "No QuickBooks company is connected yet" in panel.inner_text():
		expect(panel.locator(".quickbooks-first-steps li")).to_have_count(3)
		books.picture("connect-first-steps")
	settings = make_settings(company)
	books.field("environment").select_option(settings["environment"])
	for fieldname in ("emulator_url", "client_id", "client_secret"):
		books.type_into(fieldname, settings[fieldname])
	books.press("Save")
	books.button(CONNECT).click()
	give_consent(books)
	books.expect_alert(f"Connected to {COMPANY_NAME}")
	expect(panel).to_contain_text("Connected and ready.")
	expect(panel).to_contain_text(COMPANY_NAME)
	expect(panel).to_contain_text("by Noor Haddad")
	expect(panel).to_contain_text("100 days left")
	for said_once in ("Authorization", "Queue"):
		expect(panel.get_by_text(said_once, exact=True)).to_have_count(1)
	books.picture("connected")


def test_cancel_on_the_consent_page_connects_nothing(books, connected):
	books.open("quickbooks-settings")
	books.button(CONNECT).click()
	books.page.get_by_role("button", name="Cancel", exact=True).click()
	books.page.wait_for_url(re.compile("quickbooks-settings"))
	books.settle()
	books.expect_alert("QuickBooks was not connected: access_denied")
	expect(books.form.locator(".quickbooks-connection")).to_contain_text("Connected and ready.")


def test_connecting_waits_until_the_settings_are_saved(books, connected):
	books.open("quickbooks-settings")
	books.type_into("client_id", "another-app")
	books.press("Connect Again")
	assert "Save the settings first" in books.read_dialog()
	books.close_dialog()
	books.page.reload()
	books.settle()


def test_what_is_shipped_while_disconnected_goes_when_connected_again(books, clerk, warehouse, company):
	books.open("quickbooks-settings")
	books.press("Disconnect")
	assert COMPANY_NAME in books.read_dialog()
	books.answer("No")
	expect(books.form.locator(".quickbooks-connection")).to_contain_text("Connected and ready.")
	books.press("Disconnect")
	books.answer("Yes")
	panel = books.form.locator(".quickbooks-connection")
	expect(panel).to_contain_text("is disconnected")

	name = warehouse.pack()
	clerk.open_form("AO Ship Doc", name)
	clerk.submit()
	clerk.expect_status("Queued")
	expect(clerk.sentence).to_contain_text(f"{COMPANY_NAME} is disconnected")
	clerk.picture("not-connected")
	assert not company.query(f"SELECT * FROM Invoice WHERE DocNumber = '{name}'")

	books.button(CONNECT).click()
	give_consent(books)
	clerk.expect_status("Sent", seconds=60)
	assert len(company.query(f"SELECT * FROM Invoice WHERE DocNumber = '{name}'")) == 1
