"""Attachments, pdf and e-mail. Sources: Intuit's Attachable page, a live observation (6000), python-quickbooks' uploads."""

import base64
import json
from urllib.parse import urlsplit

import pytest

BOUNDARY = "-------------PythonMultipartPost"


def upload_like_python_quickbooks(books, content: bytes, **metadata):
	"""Send what python-quickbooks sends: line ends of LF only, a fixed boundary, base64."""
	body = (
		f"--{BOUNDARY}\n"
		'Content-Disposition: form-data; name="file_metadata_01"\n'
		"Content-Type: application/json\n\n"
		f"{json.dumps(metadata)}\n\n"
		f"--{BOUNDARY}\n"
		'Content-Disposition: form-data; name="file_content_01"\n'
		"Content-Type: application/pdf\nContent-Transfer-Encoding: base64\n\n"
		f"{base64.b64encode(content).decode()}\n\n"
		f"--{BOUNDARY}--"
	)
	headers = {"Content-Type": f'multipart/form-data; boundary="{BOUNDARY}"'}
	return books.session.post(f"{books.api}/upload", data=body.encode(), headers=headers)


def test_emulator_note_or_file_is_required_6000(books):
	error = books.refuse(books.post("attachable", {}), "6000")
	assert "You must have at least a note string or file attachment" in error["Detail"]
	invoice = books.invoice()
	reference = {"EntityRef": {"type": "Invoice", "value": invoice["Id"]}, "IncludeOnSend": True}
	note = books.make("attachable", {"Note": "text", "AttachableRef": [reference]})
	assert note["AttachableRef"] == [reference] and "TempDownloadUri" not in note
	assert int(note["Id"]) > 2**31
	found = books.query(
		f"select * from Attachable where AttachableRef.EntityRef.Type = 'Invoice' and AttachableRef.EntityRef.value = '{invoice['Id']}'"
	)
	assert [row["Id"] for row in found["Attachable"]] == [note["Id"]]
	for wrong, code in (({"type": "Invoice", "value": "99"}, "2500"), ({"value": "1"}, "2020")):
		books.refuse(books.post("attachable", {"Note": "n", "AttachableRef": [{"EntityRef": wrong}]}), code)


@pytest.mark.parametrize("content", [b"%PDF-1.4 \r\n\r\n--x\n\x00\xff end\n", b""])
def test_emulator_upload_of_python_quickbooks(books, content):
	answer = upload_like_python_quickbooks(books, content, FileName="a b.pdf", Note="see", AttachableRef=[])
	made = answer.json()["AttachableResponse"][0]["Attachable"]
	assert (made["FileName"], made["Size"], made["ContentType"]) == (
		"a b.pdf",
		len(content),
		"application/pdf",
	)
	fetched = books.session.get(made["TempDownloadUri"], headers={"Authorization": ""})
	assert (fetched.status_code, fetched.content) == (200, content)


def test_emulator_upload_of_a_standard_client_has_an_answer_for_every_file(books):
	first = bytes(range(256)) * 3
	files = [
		("file_metadata_01", (None, json.dumps({"Note": "one"}), "application/json")),
		("file_content_01", ("one.bin", first, "application/octet-stream")),
		("file_metadata_02", (None, json.dumps({"AttachableRef": [{"EntityRef": {"type": "Invoice", "value": "9"}}]}), "application/json")),
		("file_content_02", ("two.txt", b"two", "text/plain")),
		("file_content_03", ("three.txt", b"three", "text/plain")),
	]  # fmt: skip
	answer = books.session.post(f"{books.api}/upload", files=files)
	one, two, three = answer.json()["AttachableResponse"]
	assert (one["Attachable"]["FileName"], one["Attachable"]["Note"]) == ("one.bin", "one")
	assert two["Fault"]["Error"][0]["code"] == "2500"
	assert three["Attachable"]["ContentType"] == "text/plain"
	assert books.session.get(one["Attachable"]["TempDownloadUri"]).content == first
	assert books.query("select count(*) from Attachable")["totalCount"] == 2


def test_emulator_download_address_is_good_for_15_minutes(books):
	made = upload_like_python_quickbooks(books, b"abc", FileName="a.txt").json()
	identifier = made["AttachableResponse"][0]["Attachable"]["Id"]
	answer = books.get(f"download/{identifier}")
	assert answer.headers["Content-Type"].startswith("text/plain")
	address = answer.text
	books.advance(14 * 60)
	assert books.session.get(address).content == b"abc"
	altered = address.replace("signature=", "signature=0")
	assert books.session.get(altered).status_code == 403
	books.advance(2 * 60)
	assert books.session.get(address).status_code == 403
	books.connect()
	note = books.make("attachable", {"Note": "n"})
	books.refuse(books.get(f"download/{note['Id']}"), "610")
	for path in ("/download/x/y", f"{urlsplit(address).path}?expires=99999999999&signature="):
		assert books.session.get(books.url + path).status_code == 403


def test_emulator_attachable_update_keeps_the_file_and_delete_wants_the_whole_object(books):
	made = upload_like_python_quickbooks(books, b"abc", FileName="a.txt").json()
	made = made["AttachableResponse"][0]["Attachable"]
	changed = books.make("attachable", {"Id": made["Id"], "SyncToken": made["SyncToken"], "Note": "later"})
	assert (changed["FileName"], changed["Size"], changed["Note"]) == ("a.txt", 3, "later")
	assert books.session.get(changed["TempDownloadUri"]).content == b"abc"
	least = {"Id": made["Id"], "SyncToken": changed["SyncToken"]}
	books.refuse(books.post("attachable", least, operation="delete"), "6000")
	books.make("attachable", changed, operation="delete")
	assert books.session.get(changed["TempDownloadUri"]).status_code == 404
	books.knobs(attachable_delete="id_suffices")
	note = books.make("attachable", {"Note": "n"})
	books.make("attachable", {"Id": note["Id"], "SyncToken": "0"}, operation="delete")
	assert books.query("select * from Attachable") == {}


def test_emulator_bad_uploads_are_faults(books):
	headers = {"Content-Type": "multipart/form-data; boundary=b"}
	for body, kind in (
		(b"", headers),
		(b"--b\r\nno headers", headers),
		(b'--b\nContent-Disposition: form-data; name="file_content_01"\nContent-Transfer-Encoding: base64\n\nA\n--b--', headers),
		(b"{}", {"Content-Type": "application/json"}),
	):  # fmt: skip
		answer = books.session.post(f"{books.api}/upload", data=body, headers=kind)
		assert answer.status_code == 400 and answer.json()["Fault"]["Error"][0]["code"] == "2010", answer.text
	metadata = '--b\nContent-Disposition: form-data; name="file_metadata_01"\n\n{"Nope": 1}\n'
	content = '--b\nContent-Disposition: form-data; name="file_content_01"\n\nx\n--b--'
	answer = books.session.post(f"{books.api}/upload", data=metadata + content, headers=headers)
	assert answer.json()["AttachableResponse"][0]["Fault"]["Error"][0]["code"] == "2010"


def test_emulator_upload_above_100_mb_is_413(books):
	def stream():
		yield b"--b\r\n"
		for _megabyte in range(101):
			yield b"x" * 1024 * 1024

	headers = {"Content-Type": "multipart/form-data; boundary=b"}
	answer = books.session.post(f"{books.api}/upload", data=stream(), headers=headers)
	assert answer.status_code == 413


def test_emulator_pdf_is_a_pdf(books):
	customer = books.customer("Ünïcode (Ltd) 名")
	invoice = books.invoice(*[books.line(books.item())] * 60, customer=customer, DocNumber="SD-1")
	answer = books.get(f"invoice/{invoice['Id']}/pdf")
	assert answer.headers["Content-Type"].startswith("application/pdf")
	content = answer.content
	assert content.startswith(b"%PDF-1.4") and content.endswith(b"%%EOF\n")
	start = int(content.rsplit(b"startxref\n", 1)[1].split()[0])
	assert content[start:].startswith(b"xref\n0 ")
	count = int(content[start:].split()[2])
	for number, line in enumerate(content[start:].split(b"\n")[3 : count + 2], start=1):
		assert content[int(line[:10]) :].startswith(b"%d 0 obj" % number)
	assert b"/Count 2" in content and b"SD-1" in content and b"6000.00" in content
	books.refuse(books.get("invoice/999/pdf"), "610")
	books.refuse(books.get(f"customer/{customer}/pdf"), "500")


def test_emulator_send_marks_the_transaction(books):
	invoice = books.invoice()
	books.refuse(books.post(f"invoice/{invoice['Id']}/send", ""), "2020")
	books.refuse(books.post(f"invoice/{invoice['Id']}/send", "", sendTo="nobody"), "2040")
	headers = {"Content-Type": "application/octet-stream"}
	answer = books.session.post(
		f"{books.api}/invoice/{invoice['Id']}/send", params={"sendTo": "a@b.example"}, headers=headers
	)
	sent = answer.json()["Invoice"]
	assert (sent["EmailStatus"], sent["BillEmail"]["Address"]) == ("EmailSent", "a@b.example")
	assert sent["DeliveryInfo"]["DeliveryType"] == "Email" and sent["SyncToken"] == "1"
	again = books.make(f"invoice/{invoice['Id']}/send", "")
	assert again["SyncToken"] == "2"
	assert books.balances()["Accounts Receivable (A/R)"] == "100.00"


def test_emulator_a_sandbox_sends_40_emails_a_day(books):
	"""Intuit's limits page; the knob emails_per_day lifts it."""
	invoice = books.invoice(BillEmail={"Address": "a@b.example"})
	books.knobs(emails_per_day=2)
	statuses = [books.post(f"invoice/{invoice['Id']}/send", "").status_code for _ in range(3)]
	assert statuses == [200, 200, 429]
	books.knobs(emails_per_day=None)
	assert books.post(f"invoice/{invoice['Id']}/send", "").status_code == 200
