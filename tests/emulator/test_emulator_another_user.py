"""What people do in QuickBooks itself while an app is connected, through the control API."""

import pytest


def act(books, entity: str, operation: str, **body) -> dict:
	answer = books.control("POST", "as_user", {"entity": entity, "operation": operation, "body": body})
	assert set(answer) == {entity}
	return answer[entity]


def test_emulator_another_user_edits_voids_and_deletes(books):
	"""The same operations with the same effects, on the current version, without tokens."""
	invoice = books.invoice(books.line(books.item(), 100))
	books.session.headers["Authorization"] = "none"
	changed = act(books, "Invoice", "update", Id=invoice["Id"], PrivateNote="by hand")
	assert (changed["PrivateNote"], changed["SyncToken"], changed["TotalAmt"]) == ("by hand", "1", 100)
	line = {**invoice["Line"][0], "Amount": 40.25}
	assert act(books, "invoice".capitalize(), "update", Id=invoice["Id"], Line=[line])["TotalAmt"] == 40.25
	assert books.balances()["Accounts Receivable (A/R)"] == "40.25"
	assert act(books, "Invoice", "void", Id=invoice["Id"])["PrivateNote"].startswith("Voided")
	assert "Accounts Receivable (A/R)" not in books.balances()
	assert act(books, "Invoice", "delete", Id=invoice["Id"])["status"] == "Deleted"
	books.connect()
	books.refuse(books.get(f"invoice/{invoice['Id']}"), "610")
	assert [entry["operation"] for entry in books.journal()] == ["create", "create", "create", "read"]


def test_emulator_another_user_makes_an_apps_update_stale(books):
	"""5010: what the app read is no longer current."""
	customer = books.customer()
	assert act(books, "Customer", "update", Id=customer, DisplayName="Renamed")["DisplayName"] == "Renamed"
	update = {"Id": customer, "SyncToken": "0", "sparse": True, "Notes": "x"}
	books.refuse(books.post("customer", update), "5010")
	assert act(books, "Customer", "touch", Id=customer)["SyncToken"] == "2"
	books.refuse(books.post("customer", {**update, "SyncToken": "1"}), "5010")
	assert books.make("customer", {**update, "SyncToken": "2"})["Notes"] == "x"


def test_emulator_another_user_creates_and_deactivates(books):
	item = act(books, "Item", "create", Name="By hand", Type="Service", IncomeAccountRef={"value": "31"})
	assert books.read("item", item["Id"])["Name"] == "By hand"
	assert act(books, "Item", "update", Id=item["Id"], Active=False)["Name"] == "By hand (deleted)"


def test_emulator_another_user_is_not_limited_and_meets_no_ordered_faults(books):
	books.knobs(subscription_ended=True, throttle={"enabled": True, "per_minute": 0})
	books.control("POST", "faults", {"match": {"operation": "create"}, "code": "6000", "times": None})
	assert act(books, "Customer", "create", DisplayName="A")["Id"] == "1"


def test_emulator_another_user_is_seen_by_change_data_capture(books):
	customer = books.make("customer", {"DisplayName": "A"})
	books.advance(10)
	stamp = act(books, "Customer", "update", Id=customer["Id"], Notes="x")["MetaData"]["LastUpdatedTime"]
	groups = books.get("cdc", entities="Customer", changedSince=stamp).json()["CDCResponse"][0][
		"QueryResponse"
	]
	assert groups[0]["Customer"][0]["Notes"] == "x"


def test_emulator_another_user_merges_customers(books):
	"""Everything of the one becomes the other's; the one is gone and its name is free."""
	keep, gone, thing = books.customer("Keep"), books.customer("Gone"), books.item()
	child = books.customer("Child", ParentRef={"value": gone})
	mine = books.invoice(books.line(thing, 10), customer=keep)
	theirs = books.invoice(books.line(thing, 32), customer=gone)
	before = books.balances()
	merged = act(books, "Customer", "merge", Id=gone, into=keep)
	assert (merged["Id"], merged["Balance"], merged["SyncToken"]) == (keep, 42, "1")
	books.refuse(books.get(f"customer/{gone}"), "610")
	moved = books.read("invoice", theirs["Id"])
	assert moved["CustomerRef"] == {"value": keep, "name": "Keep"} and moved["SyncToken"] == "1"
	assert books.read("customer", child)["ParentRef"]["value"] == keep
	assert books.read("invoice", mine["Id"]) == mine and books.balances() == before
	rows = books.query(f"select Id from Invoice where CustomerRef = '{keep}'")["Invoice"]
	assert {row["Id"] for row in rows} == {mine["Id"], theirs["Id"]}
	books.make("invoice", {"Id": theirs["Id"], "SyncToken": "1"}, operation="delete")
	assert books.read("customer", keep)["Balance"] == 10
	assert books.customer("Gone") != gone


def test_emulator_another_user_merges_vendors(books):
	keep, gone = (books.make("vendor", {"DisplayName": name})["Id"] for name in ("Keep", "Gone"))
	assert act(books, "Vendor", "merge", Id=gone, into=keep)["Id"] == keep
	assert [row["Id"] for row in books.query("select Id from Vendor")["Vendor"]] == [keep]


@pytest.mark.parametrize(
	("order", "words"),
	[
		([], "json"), ({"entity": "Nonsense", "operation": "create"}, "entity is one of"), ({"entity": "Invoice", "operation": "x"}, "operation is one of"),
		({"entity": "Invoice", "operation": "create", "body": []}, "body is an object"), ({"entity": "Invoice", "operation": "create", "body": {"Id": "1"}}, "no Id"),
		({"entity": "Invoice", "operation": "delete", "body": {"Id": "99"}}, "Not Found"), ({"entity": "Customer", "operation": "void", "body": {"Id": "1"}}, "not supported"),
		({"entity": "Customer", "operation": "merge", "body": {"Id": "1", "into": "1"}}, "itself"), ({"entity": "Term", "operation": "merge", "body": {"Id": "1", "into": "2"}}, "can be merged"),
		({"entity": "Customer", "operation": "create", "body": {"DisplayName": "A"}}, "already exists"), ({"entity": "Customer", "operation": "update", "body": {"Id": "1", "SyncToken": "7"}}, "same time"),
	],
)  # fmt: skip
def test_emulator_another_user_is_told_what_is_wrong(books, order, words):
	books.customer("A")
	books.item()
	answer = books.session.post(f"{books.control_url}/as_user", json=order)
	assert answer.status_code == 400 and words.lower() in answer.json()["error"].lower(), answer.text
	assert books.read("customer", "1")["SyncToken"] == "0"
