"""Bad uploads and odd addresses: a fault, never a traceback."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

RELAXED = settings(max_examples=25, deadline=None, database=None, suppress_health_check=list(HealthCheck))
PIECES = st.sampled_from(
	[b"--b", b"--b--", b"\r\n", b"\n", b"\r\n\r\n", b'Content-Disposition: form-data; name="file_content_01"; filename="a"',
	b'Content-Disposition: form-data; name="file_metadata_01"', b"Content-Transfer-Encoding: base64", b"{}", b'{"Note": 1}', b"\xff\x00"]
)  # fmt: skip


def test_emulator_fuzzed_uploads(books):
	@RELAXED
	@given(
		pieces=st.lists(PIECES | st.binary(max_size=20), max_size=12),
		kind=st.sampled_from(["b", '"b"', "", "é", "x"]),
	)
	def fuzz(pieces, kind):
		headers = {"Content-Type": f"multipart/form-data; boundary={kind}".encode()}
		answer = books.session.post(f"{books.api}/upload", data=b"".join(pieces), headers=headers)
		assert answer.status_code in (200, 400), answer.text
		if answer.status_code == 400:
			assert answer.json()["Fault"]["Error"][0]["code"] == "2010"

	fuzz()


@pytest.mark.parametrize(
	"path", ["download/x", "download/%2e%2e", "invoice/x/pdf", "invoice/9/send", "customer/1/pdf", "exchangerate/1", "taxservice", "upload/1"]
)  # fmt: skip
def test_emulator_odd_addresses_are_faults(books, path):
	for answer in (books.get(path), books.post(path, "{}")):
		assert answer.status_code == 400, answer.text
		assert answer.json()["Fault"]["Error"][0]["code"] != "10000"
