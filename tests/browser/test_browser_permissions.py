"""What a user without the role cannot do: not at the desk, where there is no button, and not through REST either."""

import pytest
from desk_cast import DOMAIN, PASSWORD
from desk_rest import RestSession
from playwright.sync_api import expect

API = "allorders_qb.api"
FORBIDDEN = 403


@pytest.fixture(scope="session")
def viewer_rest(host_info, lists) -> RestSession:
	return RestSession(host_info["web_url"], f"viewer@{DOMAIN}", PASSWORD)


@pytest.fixture(scope="session")
def packer_rest(host_info, lists) -> RestSession:
	return RestSession(host_info["web_url"], f"packer@{DOMAIN}", PASSWORD)


def test_a_viewer_reads_everything_and_is_offered_nothing(viewer, warehouse, set_rule):
	set_rule("By Button")
	order = warehouse.order(KC_101=4)
	name = warehouse.ship(order)
	viewer.open_form("AO Ship Doc", name)
	viewer.expect_status("Not Sent")
	for label in ("Invoice", "QuickBooks", "Submit", "Cancel", "Save"):
		expect(viewer.button(label)).to_have_count(0)
	viewer.open_form("AO Sales Order", order)
	for label in ("Create", "Close", "Reopen"):
		expect(viewer.page.locator(".page-head:visible").get_by_role("button", name=label)).to_have_count(0)
	viewer.open_list("AO Ship Doc")
	expect(viewer.button("Add AO Ship Doc")).to_have_count(0)
	viewer.form.locator(f'.list-row-checkbox[data-name="{name}"]').check()
	expect(viewer.page.get_by_text("Record Selected Items in QuickBooks")).to_have_count(0)


@pytest.mark.parametrize("who", ["viewer_rest", "packer_rest"])
def test_rest_refuses_to_send_without_the_role(request, who, warehouse, company, set_rule):
	set_rule("By Button")
	name = warehouse.ship()
	session = request.getfixturevalue(who)
	about = {"doctype": "AO Ship Doc", "name": name}
	calls = {
		f"{API}.documents.record": about,
		f"{API}.documents.record_selected": {"doctype": "AO Ship Doc", "names": [name]},
		f"{API}.documents.never_send": {**about, "reason": "because"},
		f"{API}.documents.allow_sending": about,
		f"{API}.queue.send_waiting_now": {},
		f"{API}.connection.get_consent_url": {},
		f"{API}.connection.disconnect": {},
		f"{API}.connection.refresh_lists": {},
		f"{API}.connection.get_connection_status": {},
	}
	answers = {method: session.post(method, **values).status_code for method, values in calls.items()}
	assert answers == dict.fromkeys(calls, FORBIDDEN)
	assert warehouse.count_entries(name) == 0
	assert not company.query(f"SELECT * FROM Invoice WHERE DocNumber = '{name}'")


def test_rest_refuses_a_viewer_who_writes(viewer_rest, warehouse):
	order = warehouse.order(KC_101=4)
	draft = viewer_rest.get("AO Ship Doc", warehouse.pack(order))
	calls = {
		"frappe.client.submit": {"doc": draft},
		"frappe.client.save": {"doc": {**draft, "tracking_number": "X"}},
		"frappe.client.insert": {"doc": {"doctype": "AO Customer", "customer_name": "Mine"}},
		"frappe.client.delete": {"doctype": "AO Ship Doc", "name": draft["name"]},
		"frappe.client.set_value": {
			"doctype": "AO Ship Doc",
			"name": draft["name"],
			"fieldname": "quickbooks_status",
			"value": "Sent",
		},
		"allorders_qb.allorders_qb.doctype.ao_sales_order.ao_sales_order.close_sales_order": {"name": order},
	}
	answers = {method: viewer_rest.post(method, **values).status_code for method, values in calls.items()}
	assert answers == dict.fromkeys(calls, FORBIDDEN)


def test_nobody_writes_the_quickbooks_fields_through_rest(packer_rest, office, warehouse):
	name = warehouse.pack()
	packer_rest.update("AO Ship Doc", name, quickbooks_status="Sent", quickbooks_id="1", quickbooks_total=5)
	stored = office.get("AO Ship Doc", name)
	held = {field: value for field, value in stored.items() if field.startswith("quickbooks_") and value}
	assert held == {}


def test_a_request_without_the_csrf_token_is_refused(viewer_rest):
	token = viewer_rest.http.headers.pop("X-Frappe-CSRF-Token")
	try:
		answer = viewer_rest.post(f"{API}.documents.record", doctype="AO Ship Doc", name="any")
	finally:
		viewer_rest.http.headers["X-Frappe-CSRF-Token"] = token
	assert answer.status_code == 400 and "CSRF" in answer.text
