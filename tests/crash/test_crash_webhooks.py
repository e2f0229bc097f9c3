"""The real way of a notification: QuickBooks' sender, the site's web server, the inbox. Both formats, and forgeries."""

import time
from pathlib import Path

import pytest
import requests

TOKEN = "ee1a-verifier"
PATH = "/api/method/allorders_qb.api.webhooks.receive"


@pytest.fixture
def notified(site, company, host_info):
	"""The company notifies the site; yields a function that sets the format."""
	settings = site.get_doc("QuickBooks Settings")
	settings.webhook_verifier_token = TOKEN
	settings.save()
	site.db.delete("QuickBooks Inbox Event")
	site.db.commit()

	def notify(form: str, verifier_token: str = TOKEN) -> None:
		target = {
			"url": host_info["web_url"] + PATH,
			"host": host_info["site"],
			"verifier_token": verifier_token,
			"format": form,
		}
		company.control("PUT", "webhooks/test-client", target)

	yield notify
	company.control("DELETE", "webhooks/test-client")


def read_events(site) -> list[tuple]:
	site.db.rollback()
	rows = site.get_all(
		"QuickBooks Inbox Event",
		fields=["entity", "entity_id", "operation", "status", "deliveries"],
		order_by="creation, name",
	)
	return [tuple(row.values()) for row in rows]


def list_attempts(company) -> list[dict]:
	found = company.control("GET", f"{company.realm_id}/deliveries")["deliveries"]
	return [attempt for delivery in found for attempt in delivery["attempts"]]


def takes_arrays() -> bool:
	"""Whether this Frappe lets a JSON array through to an app's method, as 15.16 and later do."""
	import frappe.app

	return "isinstance(args, list)" in Path(frappe.app.__file__).read_text()


def wait_for(condition):
	ends_at = time.monotonic() + 20
	while not (found := condition()):
		assert time.monotonic() < ends_at, "it did not arrive in time"
		time.sleep(0.1)
	return found


@pytest.mark.parametrize(
	("form", "content_type"),
	[
		("legacy", "application/json"),
		("cloudevents", "application/cloudevents+json"),
		("cloudevents", "application/json"),
	],
)
def test_a_change_in_quickbooks_arrives(site, company, notified, form, content_type):
	company.set_knobs(webhook_content_type=content_type)
	notified(form)
	if (form, content_type) == ("cloudevents", "application/json") and not takes_arrays():
		# Frappe before 15.16 turns a JSON array away before any app sees it: QuickBooks keeps it and tries again.
		company.post("Customer", {"DisplayName": "Kept for Later"})
		assert {attempt["status"] for attempt in wait_for(lambda: list_attempts(company))} == {417}
		return
	customer = company.post("Customer", {"DisplayName": f"Born There {form}"})
	events = wait_for(lambda: read_events(site))
	assert events == [("customer", customer["Id"], "Create", "New", 1)]
	deliveries = company.control("GET", f"{company.realm_id}/deliveries")["deliveries"]
	assert {delivery["state"] for delivery in deliveries} == {"acknowledged"}


def test_duplicates_arrive_and_count_once(site, company, notified):
	notified("legacy")
	company.set_knobs(webhook_duplicates=2)
	company.post("Customer", {"DisplayName": "Three Times"})
	assert wait_for(lambda: [event for event in read_events(site) if event[-1] == 3])
	assert len(read_events(site)) == 1


def test_an_unsigned_sender_is_turned_away(site, company, notified, host_info):
	notified("legacy", verifier_token="another secret")
	company.post("Customer", {"DisplayName": "Nobody Hears"})

	assert {attempt["status"] for attempt in wait_for(lambda: list_attempts(company))} == {401}
	answer = requests.post(
		host_info["web_url"] + PATH,
		data=b"{}",
		headers={
			"Host": host_info["site"],
			"intuit-signature": "Zm9yZ2Vk",
			"Content-Type": "application/json",
		},
		timeout=10,
	)
	assert answer.status_code == 401
	assert read_events(site) == []
