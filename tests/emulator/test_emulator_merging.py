"""Merging: what people do with two records of a list in QuickBooks. What the API then shows of it is unconfirmed."""

import pytest


def merge(books, entity: str, gone: str, keep: str):
	body = {"entity": entity, "operation": "merge", "body": {"Id": gone, "into": keep}}
	return books.session.post(f"{books.control_url}/as_user", json=body)


def test_emulator_merged_accounts_share_one_balance(books):
	first, second = (
		books.make("account", {"Name": name, "AccountType": "Income"})["Id"] for name in ("A", "B")
	)
	items = [
		books.item(name, IncomeAccountRef={"value": account})
		for name, account in (("X", first), ("Y", second))
	]
	invoice = books.invoice(*[books.line(item, 10) for item in items])
	answer = merge(books, "Account", second, first)
	assert answer.status_code == 200, answer.text
	assert books.balances() == {"Accounts Receivable (A/R)": "20.00", "A": "-20.00"}
	assert books.read("item", items[1])["IncomeAccountRef"] == {"value": first, "name": "A"}
	assert books.read("account", first)["CurrentBalance"] == 20
	books.make("invoice", {"Id": invoice["Id"], "SyncToken": "1"}, operation="delete")
	assert books.balances() == {}


def test_emulator_merged_items_and_what_is_below_a_merged_name(books):
	service = {"Type": "Service", "IncomeAccountRef": {"value": "31"}}
	keep, gone = (books.make("item", {"Name": name, **service})["Id"] for name in ("Keep", "Gone"))
	below = books.make("item", {"Name": "Sub", "ParentRef": {"value": gone}, **service})["Id"]
	invoice = books.invoice(books.line(gone, 10))
	assert merge(books, "Item", gone, keep).status_code == 200
	line = books.read("invoice", invoice["Id"])["Line"][0]["SalesItemLineDetail"]
	assert line["ItemRef"] == {"value": keep, "name": "Keep"}
	assert books.read("item", below)["FullyQualifiedName"] == "Keep:Sub"
	books.refuse(books.get(f"item/{gone}"), "610")


def test_emulator_merge_leaves_other_lists_with_the_same_id_alone(books):
	"""Item 2, class 2 and account 2 are nobody's namesakes."""
	keep, gone = books.customer("Keep"), books.customer("Gone")
	assert gone == "2"
	account = books.make("account", {"Name": "Sub", "AccountType": "Bank", "ParentRef": {"value": "2"}})
	below = books.make("class", {"Name": "Sub", "ParentRef": {"value": "2"}})
	note = {"Note": "n", "AttachableRef": [{"EntityRef": {"type": "Account", "value": "2"}}]}
	note = books.make("attachable", note)
	assert merge(books, "Customer", gone, keep).status_code == 200
	for entity, record in (("account", account), ("class", below), ("attachable", note)):
		assert books.read(entity, record["Id"]) == record


@pytest.mark.parametrize("entity", ["Class", "Department"])
def test_emulator_merged_classes_and_locations(books, entity):
	books.preferences(AccountingInfoPrefs={"ClassTrackingPerTxn": True})
	invoice = books.invoice(**{f"{entity}Ref": {"value": "2"}})
	assert merge(books, entity, "2", "1").status_code == 200
	assert books.read("invoice", invoice["Id"])[f"{entity}Ref"]["value"] == "1"


def test_emulator_what_cannot_be_merged(books):
	pump = {
		"Type": "Inventory", "TrackQtyOnHand": True, "QtyOnHand": 1, "InvStartDate": "2026-01-01",
		"IncomeAccountRef": {"value": "31"}, "ExpenseAccountRef": {"value": "40"}, "AssetAccountRef": {"value": "11"},
	}  # fmt: skip
	first, second = (books.make("item", {"Name": name, **pump})["Id"] for name in ("P", "Q"))
	for entity, gone, keep, words in (
		("Item", first, second, "Inventory cannot be merged"), ("Account", "1", "31", "Income"), ("Account", "10", "10", "itself"),
		("Account", "22", "23", "posts to by itself"), ("Term", "1", "2", "can be merged"), ("Account", "1", "99", "Not Found"),
	):  # fmt: skip
		answer = merge(books, entity, gone, keep)
		assert answer.status_code == 400 and words in answer.json()["error"], answer.text


def test_emulator_merged_customers_keep_what_was_paid(books):
	"""What was paid stays paid, deposit lines follow, and so do the balances of those above."""
	top, over = books.customer("Top"), books.customer("Over")
	keep = books.customer("Keep", ParentRef={"value": over})
	gone = books.customer("Gone", ParentRef={"value": top})
	invoice = books.invoice(books.line(books.item(), 100), customer=gone)
	payment = books.payment(top, 60, books.apply(60, invoice))
	entity = {"value": gone, "type": "CUSTOMER"}
	detail = {"AccountRef": {"value": "10"}, "Entity": entity}
	line = {"Amount": 5, "DetailType": "DepositLineDetail", "DepositLineDetail": detail}
	deposit = books.make("deposit", {"DepositToAccountRef": {"value": "1"}, "Line": [line]})
	assert merge(books, "Customer", gone, keep).status_code == 200
	assert books.read("customer", top)["BalanceWithJobs"] == 0
	assert books.read("customer", over)["BalanceWithJobs"] == books.read("customer", keep)["Balance"] == 35
	now = books.read("invoice", invoice["Id"])
	noted = {"Id": now["Id"], "SyncToken": now["SyncToken"], "sparse": True, "PrivateNote": "x"}
	assert books.make("invoice", noted)["Balance"] == 40
	books.drop("deposit", deposit, operation="delete")
	books.drop("payment", payment, operation="delete")
	assert books.read("customer", keep)["Balance"] == 100
