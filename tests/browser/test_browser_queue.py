"""Working in the queue: why an entry stays, what mends it, several at once; and how the connection is doing."""

import pytest
from playwright.sync_api import expect

from allorders_qb.tests.emulated import wait_until

ENTRY = "QuickBooks Queue Entry"
SECONDS = 90
NAMES = ("Harborlight Gifts", "Ferry Lane Supply", "Old Mill Trading")
SIGNS = ("connection", "authorization", "queue", "runs", "notifications", "scheduler", "pace")


@pytest.fixture
def stuck(office, company, lists):
	"""Customers whose names vendors have in QuickBooks: their entries need somebody. The vendors, by name."""
	vendors = {name: company.post("Vendor", {"DisplayName": name}) for name in NAMES}
	for name in NAMES:
		office.insert("AO Customer", customer_name=name)
	wait_until(lambda: len(find_stuck(office)) == len(NAMES), SECONDS)
	return vendors


def find_stuck(office) -> list[dict]:
	return office.find(ENTRY, ["name"], status="Needs Attention", reference_name=["in", NAMES])


def find_entry(office, customer: str) -> str:
	return office.find(ENTRY, ["name"], reference_name=customer)[0]["name"]


def test_entries_that_need_somebody_are_mended(books, office, company, stuck):
	books.open("all-orders")
	books.form.locator(".number-widget-box").filter(has_text="Need Attention").click()
	books.page.wait_for_url("**/app/quickbooks-queue-entry**")
	books.expect_list()
	for name in NAMES:
		expect(books.form.locator(".result")).to_contain_text(name)
	books.picture("queue-attention")

	first, second, third = NAMES
	books.open_form(ENTRY, find_entry(office, first))
	why = books.form.locator(".quickbooks-entry-why")
	expect(why).to_contain_text("vendor")
	links = books.form.locator(".quickbooks-entry-links a")
	expect(links.filter(has_text=f"Open {first}")).to_be_visible()
	books.picture("queue-entry")
	links.filter(has_text=f"Open {first}").click()
	books.page.wait_for_function("(name) => cur_frm && cur_frm.docname === name", arg=first)
	books.settle()

	# The vendors get other names in QuickBooks; two entries are tried again together.
	for name in (first, second):
		vendor = stuck[name]
		company.post(
			"Vendor",
			{
				"Id": vendor["Id"],
				"SyncToken": vendor["SyncToken"],
				"sparse": True,
				"DisplayName": f"{name} (supplier)",
			},
		)
	books.open_list(ENTRY)
	for name in (first, second):
		books.form.locator(f'.list-row-checkbox[data-name="{find_entry(office, name)}"]').check()
	books.press_in("Actions", "Try Again")
	books.expect_alert("2 entries done.")
	for name in (first, second):
		wait_until(
			lambda name=name: office.find(ENTRY, ["name"], reference_name=name, status="Sent"), SECONDS
		)
		assert company.query(f"SELECT * FROM Customer WHERE DisplayName = '{name}'")

	books.open_form(ENTRY, find_entry(office, third))
	books.press("Remove")
	assert "Nothing of it has been sent" in books.read_dialog()
	books.picture("queue-remove")
	books.answer("Yes")
	books.page.wait_for_url("**/app/quickbooks-queue-entry**")
	assert not office.find(ENTRY, ["name"], reference_name=third)
	assert not company.query(f"SELECT * FROM Customer WHERE DisplayName = '{third}'")


def test_still_open_shows_the_order_of_sending(books, office, warehouse, set_rule):
	set_rule("At Synchronization")
	names = [warehouse.ship() for _number in range(2)]
	books.open_list(ENTRY)
	books.press("Still Open")
	books.page.wait_for_function(
		"(names) => cur_list.data.map((entry) => entry.reference_name).filter((name) => names.includes(name))"
		".join() === names.join()",
		arg=names,
	)
	books.picture("queue-open")
	books.open_form(ENTRY, find_entry(office, names[0]))
	expect(books.form.locator(".quickbooks-entry-why")).to_contain_text("synchronization")
	books.press("Try Again")
	wait_until(lambda: office.get("AO Ship Doc", names[0])["quickbooks_status"] == "Sent", SECONDS)
	office.call("allorders_qb.api.queue.send_waiting_now")


def test_how_the_connection_is_doing(books, clerk, company, connected):
	books.open("all-orders")
	signs = books.form.locator(".quickbooks-health-sign")
	expect(signs).to_have_count(len(SIGNS))
	assert [sign.get_attribute("data-sign") for sign in signs.all()] == list(SIGNS)
	expect(books.form.locator('[data-sign="connection"]')).to_have_attribute("data-state", "Good")
	expect(books.form.locator('[data-sign="authorization"]')).to_contain_text("days left")
	expect(books.form.locator('[data-sign="pace"]')).to_contain_text("in the last minute")
	books.picture("health")
	books.form.locator('[data-sign="runs"] a').click()
	books.page.wait_for_url("**/app/quickbooks-sync-run**")
	books.open("quickbooks-settings")
	# The company stands above them there.
	expect(books.form.locator(".quickbooks-health-sign")).to_have_count(len(SIGNS) - 1)
	books.form.locator(".form-tabs .nav-link").filter(has_text="Lists").click()
	expect(books.form.locator('.frappe-control[data-fieldname="list_rules"]')).to_contain_text("Both Ways")
	books.picture("settings-lists")
	clerk.open("all-orders")
	expect(clerk.form.locator(".quickbooks-sync")).to_be_visible()
	expect(clerk.form.locator(".quickbooks-health-sign")).to_have_count(0)
