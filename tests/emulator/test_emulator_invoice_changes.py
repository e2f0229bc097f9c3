"""Invoices that are updated, voided or deleted: what stays, what goes, and what the books say then."""

import json

NOTE = "[AO SD-2026-11-00001 invoice/1 k3f9q2]"


# ------------------------------------------------------------------------------------------------ updates


def test_emulator_sparse_update_keeps_what_is_not_sent(books):
	invoice = books.invoice(PrivateNote=NOTE, DocNumber="SD-9", CustomerMemo={"value": "thanks"})
	changed = books.make(
		"invoice", {"Id": invoice["Id"], "SyncToken": "0", "sparse": True, "TrackingNum": "1Z"}
	)
	assert (changed["PrivateNote"], changed["DocNumber"], changed["TrackingNum"]) == (NOTE, "SD-9", "1Z")
	assert (changed["SyncToken"], changed["TotalAmt"], changed["Line"]) == ("1", 100, invoice["Line"])


def test_emulator_full_update_empties_what_is_not_sent(books):
	invoice = books.invoice(PrivateNote=NOTE, TrackingNum="1Z", DocNumber="SD-9")
	body = {
		"Id": invoice["Id"],
		"SyncToken": "0",
		"CustomerRef": invoice["CustomerRef"],
		"Line": invoice["Line"],
	}
	changed = books.make("invoice", body, operation="update")
	assert "PrivateNote" not in changed and "TrackingNum" not in changed and "DocNumber" not in changed
	assert changed["TotalAmt"] == 100
	books.refuse(
		books.post("invoice", {"Id": invoice["Id"], "SyncToken": "1", "Line": invoice["Line"]}), "2020"
	)


def test_emulator_lines_are_replaced_as_a_whole_even_by_a_sparse_update(books):
	"""Seen live: one of two lines sent drops the other; a line without its Description loses it."""
	item = books.item()
	invoice = books.invoice({**books.line(item, 10), "Description": "first"}, books.line(item, 20))
	assert [line.get("Id") for line in invoice["Line"]] == ["1", "2", None]
	resent = {**books.line(item, 20), "Id": "2"}
	new = {**books.line(item, 5), "Id": "77"}
	changed = books.make(
		"invoice", {"Id": invoice["Id"], "SyncToken": "0", "sparse": True, "Line": [resent, new]}
	)
	assert [line.get("Id") for line in changed["Line"]] == ["2", "3", None]
	assert changed["TotalAmt"] == 25 and books.balances()["Accounts Receivable (A/R)"] == "25.00"
	only = {**books.line(item, 10), "Id": "2"}
	assert (
		"Description"
		not in books.make("invoice", {"Id": invoice["Id"], "SyncToken": "1", "sparse": True, "Line": [only]})[
			"Line"
		][0]
	)


def test_emulator_new_lines_get_new_automated_tax(books):
	item = books.item()
	invoice = books.invoice(books.line(item, 100, TaxCodeRef={"value": "TAX"}))
	note = {"Id": invoice["Id"], "SyncToken": "0", "sparse": True, "PrivateNote": "x"}
	assert books.make("invoice", note)["TotalAmt"] == 110.3
	lines = [books.line(item, 200, TaxCodeRef={"value": "TAX"})]
	assert (
		books.make("invoice", {"Id": invoice["Id"], "SyncToken": "1", "sparse": True, "Line": lines})[
			"TotalAmt"
		]
		== 220.6
	)


def test_emulator_stale_sync_token_is_5010(books):
	invoice = books.invoice()
	update = {"Id": invoice["Id"], "SyncToken": "0", "sparse": True, "PrivateNote": "a"}
	books.make("invoice", update)
	error = books.refuse(books.post("invoice", {**update, "PrivateNote": "b"}), "5010")
	assert error["Message"] == "Stale Object Error"
	books.refuse(books.post("invoice", {**update, "SyncToken": "7"}), "5010")
	del update["SyncToken"]
	books.refuse(books.post("invoice", update), "2020")
	assert books.read("invoice", invoice["Id"])["PrivateNote"] == "a"


def test_emulator_moving_an_invoice_moves_balances(books):
	invoice, other = books.invoice(), books.customer("Other")
	books.make(
		"invoice", {"Id": invoice["Id"], "SyncToken": "0", "sparse": True, "CustomerRef": {"value": other}}
	)
	assert books.read("customer", other)["Balance"] == 100
	assert books.read("customer", invoice["CustomerRef"]["value"])["Balance"] == 0


def test_emulator_empty_string_in_sparse_update_by_knob(books):
	"""Whether "" clears a property is not confirmed: a knob."""
	invoice = books.invoice(PrivateNote="keep")
	body = {"Id": invoice["Id"], "SyncToken": "0", "sparse": True, "PrivateNote": ""}
	assert books.make("invoice", body)["PrivateNote"] == "keep"
	books.knobs(sparse_empty_clears=True)
	assert "PrivateNote" not in books.make("invoice", {**body, "SyncToken": "1"})


# -------------------------------------------------------------------------------------- void, delete, period


def test_emulator_void_zeroes_and_keeps(books):
	"""Amounts and quantities 0, "Voided" before the private note, still in the list."""
	invoice = books.invoice(
		books.line(books.item(), 100, Qty=4, UnitPrice=25), PrivateNote=NOTE, DocNumber="SD-1"
	)
	voided = books.make("invoice", {"Id": invoice["Id"], "SyncToken": "0"}, operation="void")
	assert (voided["TotalAmt"], voided["Balance"], voided["SyncToken"], voided["DocNumber"]) == (
		0,
		0,
		"1",
		"SD-1",
	)
	assert voided["PrivateNote"].startswith("Voided") and voided["PrivateNote"].endswith(NOTE)
	assert voided["Line"][0]["Amount"] == 0 and voided["Line"][0]["SalesItemLineDetail"]["Qty"] == 0
	assert books.query("select * from Invoice where DocNumber = 'SD-1'")["Invoice"][0]["TotalAmt"] == 0
	assert books.balances() == {}
	assert books.read("customer", invoice["CustomerRef"]["value"])["Balance"] == 0


def test_emulator_delete_is_for_good(books):
	invoice = books.invoice()
	answer = books.post("invoice", {"Id": invoice["Id"], "SyncToken": "0"}, operation="delete").json()
	assert answer["Invoice"] == {"status": "Deleted", "domain": "QBO", "Id": invoice["Id"]}
	books.refuse(books.get(f"invoice/{invoice['Id']}"), "610")
	assert books.query(f"select * from Invoice where Id = '{invoice['Id']}'") == {}
	assert books.balances() == {}
	for operation in ("delete", "void", "update"):
		gone = {"Id": invoice["Id"], "SyncToken": "0", "sparse": True}
		books.refuse(books.post("invoice", gone, operation=operation), "610")
	assert books.invoice(books.line("1"), customer="1")["Id"] != invoice["Id"]


def test_emulator_void_and_delete_want_id_and_current_token(books):
	invoice = books.invoice()
	for operation in ("void", "delete"):
		books.refuse(books.post("invoice", {"SyncToken": "0"}, operation=operation), "2020")
		books.refuse(books.post("invoice", {"Id": invoice["Id"]}, operation=operation), "2020")
		books.refuse(
			books.post("invoice", {"Id": invoice["Id"], "SyncToken": "5"}, operation=operation), "5010"
		)
	assert books.balances()["Accounts Receivable (A/R)"] == "100.00"


def test_emulator_closed_period_refuses_every_change(books):
	"""6200 against Preferences.AccountingInfoPrefs.BookCloseDate."""
	invoice = books.invoice(TxnDate="2026-01-31")
	books.preferences(AccountingInfoPrefs={"BookCloseDate": "2026-01-31"})
	before = books.balances()
	books.refuse(
		books.post("invoice", books.invoice_body(books.line("1"), customer="1", TxnDate="2026-01-31")), "6200"
	)
	own = {"Id": invoice["Id"], "SyncToken": "0"}
	for operation in ("void", "delete"):
		books.refuse(books.post("invoice", own, operation=operation), "6200")
	books.refuse(books.post("invoice", {**own, "sparse": True, "TxnDate": "2026-02-01"}), "6200")
	open_one = books.invoice(books.line("1"), customer="1", TxnDate="2026-02-01")
	back = {"Id": open_one["Id"], "SyncToken": "0", "sparse": True, "TxnDate": "2026-01-15"}
	books.refuse(books.post("invoice", back), "6200")
	assert (
		books.balances()["Sales of Product Income"]
		== str(float(before["Sales of Product Income"]) - 100) + "0"
	)
	books.preferences(AccountingInfoPrefs={"BookCloseDate": None})
	books.make("invoice", own, operation="delete")


def test_emulator_voided_invoice_can_be_sent_back_whatever_its_note(books):
	"""PrivateNote holds 4000 characters; the word before it takes none of them."""
	invoice = books.invoice(PrivateNote="n" * 4000)
	voided = books.make("invoice", {"Id": invoice["Id"], "SyncToken": "0"}, operation="void")
	assert len(voided["PrivateNote"]) == 4000 and voided["PrivateNote"].startswith("Voided - nnn")
	assert books.make("invoice", voided)["PrivateNote"] == voided["PrivateNote"]
	again = books.make("invoice", {"Id": invoice["Id"], "SyncToken": "2"}, operation="void")
	assert again["PrivateNote"] == voided["PrivateNote"] and books.balances() == {}


def test_emulator_voided_invoice_lives_again_with_amounts(books):
	"""Not documented: an update with amounts brings it back, one without leaves it voided."""
	invoice = books.invoice()
	books.make("invoice", {"Id": invoice["Id"], "SyncToken": "0"}, operation="void")
	customer = invoice["CustomerRef"]["value"]
	pay = {"CustomerRef": {"value": customer}, "TotalAmt": 40, "Line": [books.apply(40, invoice)]}
	books.change("invoice", invoice, TrackingNum="1Z")
	books.refuse(books.post("payment", pay), "620")
	books.change("invoice", invoice, Line=[books.line("1", 50)])
	books.make("payment", pay)
	assert books.read("invoice", invoice["Id"])["Balance"] == 10
	assert books.balances()["Accounts Receivable (A/R)"] == "10.00"


def test_emulator_invoice_of_750_lines_can_be_sent_back(books):
	"""The subtotal line that the service added does not count."""
	invoice = books.invoice(*[books.line(books.item(), 1)] * 750)
	assert len(invoice["Line"]) == 751
	assert books.make("invoice", invoice)["TotalAmt"] == 750
	body = {**invoice, "SyncToken": "1", "Line": [*invoice["Line"], books.line("1", 1)]}
	books.refuse(books.post("invoice", body), "6000")


def test_emulator_closing_password_is_asked_for_with_6210(
	start_process, open_books, shipped_company, tmp_path
):
	"""Where the closed books have a password the code is another one; the API has no way to give it."""
	path = tmp_path / "company.json"
	path.write_text(
		json.dumps({**shipped_company("us_wholesaler"), "closing_password": "x"}), encoding="utf-8"
	)
	books = open_books(start_process("--company", str(path), "--knob", "throttle.enabled=false"))
	books.preferences(AccountingInfoPrefs={"BookCloseDate": "2026-01-31"})
	books.refuse(books.post("invoice", books.invoice_body(TxnDate="2026-01-31")), "6210")
