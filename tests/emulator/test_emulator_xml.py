"""XML, the service's default format: what it answers, taken as a body again."""

from xml.etree import ElementTree

import pytest

NAMESPACE = "{http://schema.intuit.com/finance/v3}"
XML = {"Content-Type": "application/xml", "Accept": "application/json"}


def read_as_xml(books, path: str) -> ElementTree.Element:
	answer = books.session.get(f"{books.api}/{path}", headers={"Accept": "application/xml"})
	assert answer.status_code == 200, answer.text
	return ElementTree.fromstring(answer.content)[0]


def post_xml(books, entity: str, body, **parameters):
	raw = ElementTree.tostring(body) if isinstance(body, ElementTree.Element) else body
	raw = raw.encode() if isinstance(raw, str) else raw
	return books.session.post(f"{books.api}/{entity}", data=raw, params=parameters, headers=XML)


def leave_out_versions(document: dict) -> dict:
	return {key: value for key, value in document.items() if key not in ("SyncToken", "MetaData")}


def test_emulator_xml_of_an_answer_is_a_body(books):
	"""Sent back as it was read, a document changes in nothing but its version."""
	lines = [
		books.line(books.item(), 100, Qty=4, UnitPrice=25, TaxCodeRef={"value": "TAX"}),
		books.line("1", 7),
	]
	custom = [{"DefinitionId": "1", "StringValue": "PO <7> & more"}]
	invoice = books.invoice(
		*lines, CustomField=custom, CustomerMemo={"value": "thanks"}, BillEmail={"Address": "a@b.example"}
	)
	element = read_as_xml(books, f"invoice/{invoice['Id']}")
	changed = post_xml(books, "invoice", element).json()["Invoice"]
	assert changed["SyncToken"] == "1" and leave_out_versions(changed) == leave_out_versions(invoice)
	note = f'<Invoice sparse="true"><Id>{invoice["Id"]}</Id><SyncToken>1</SyncToken><PrivateNote>n</PrivateNote></Invoice>'
	changed = post_xml(books, "invoice", note).json()["Invoice"]
	assert changed["PrivateNote"] == "n" and len(changed["Line"]) == 3
	gone = f"<Invoice><Id>{invoice['Id']}</Id><SyncToken>2</SyncToken></Invoice>"
	assert post_xml(books, "invoice", gone, operation="delete").json()["Invoice"]["status"] == "Deleted"


def test_emulator_xml_creates_lists_purchases_and_payments(books):
	customer = (
		f'<Customer xmlns="{NAMESPACE[1:-1]}"><DisplayName>Ä &amp; Co</DisplayName>'
		"<PrimaryEmailAddr><Address>a@b.example</Address></PrimaryEmailAddr></Customer>"
	)
	made = post_xml(books, "customer", customer).json()["Customer"]
	assert (made["DisplayName"], made["PrimaryEmailAddr"]["Address"]) == ("Ä & Co", "a@b.example")
	invoice = books.invoice(customer=made["Id"])
	payment = (
		f"<Payment><CustomerRef>{made['Id']}</CustomerRef><TotalAmt>40</TotalAmt><Line><Amount>40</Amount>"
		f"<LinkedTxn><TxnId>{invoice['Id']}</TxnId><TxnType>Invoice</TxnType></LinkedTxn></Line></Payment>"
	)
	assert post_xml(books, "payment", payment).status_code == 200
	assert books.read("invoice", invoice["Id"])["Balance"] == 60
	note = f'<Attachable><Note>n</Note><AttachableRef><EntityRef type="Invoice">{invoice["Id"]}</EntityRef></AttachableRef></Attachable>'
	entity = post_xml(books, "attachable", note).json()["Attachable"]["AttachableRef"][0]["EntityRef"]
	assert entity == {"value": invoice["Id"], "type": "Invoice"}


@pytest.mark.parametrize(
	("body", "code"),
	[
		(b"", "2010"),
		("<Customer>", "2010"),
		("<Vendor><DisplayName>A</DisplayName></Vendor>", "2010"),
		("<Customer><Colour>red</Colour></Customer>", "2010"),
		('<!DOCTYPE Customer [<!ENTITY a "b">]><Customer><DisplayName>&a;</DisplayName></Customer>', "2010"),
		("<Customer><DisplayName>&undeclared;</DisplayName></Customer>", "2010"),
		("<Customer>" + "<PrimaryPhone>" * 50_000 + "</PrimaryPhone>" * 50_000 + "</Customer>", "2010"),
		("<Customer><DisplayName><Given>A</Given></DisplayName></Customer>", "2010"),
		("<Customer><DisplayName>A</DisplayName><Active>perhaps</Active></Customer>", "2010"),
		("<Customer><DisplayName>\xff</DisplayName></Customer>".encode("latin-1"), "500"),
	],
)
def test_emulator_bad_xml_is_a_fault(watched, body, code):
	before = watched.get_digest()
	watched.refuse(post_xml(watched, "customer", body), code)
	assert watched.get_digest() == before and watched.complaints.read_text() == ""


def test_emulator_xml_that_is_not_emulated_says_so(books):
	for path in ("batch", "taxservice/taxcode"):
		assert "not emulated" in books.refuse(post_xml(books, path, "<x/>"), "500")["Detail"]
