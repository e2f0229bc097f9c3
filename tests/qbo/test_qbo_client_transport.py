"""What is known after a call that went wrong on the way: nothing sent, or outcome unknown. Real sockets, real failures."""

from __future__ import annotations

import socket
import ssl
import struct
import threading
import time
from datetime import datetime, timedelta, timezone
from ipaddress import ip_address

import pytest
from wild_server import TOKEN, answer

from allorders_qb.qbo.client import QuickBooksClient
from allorders_qb.qbo.faults import NotSent, OutcomeUnknown

INVOICE = '{"Invoice":{"Id":"145","SyncToken":"0","TotalAmt":55.80},"time":"2026-11-23T08:00:00.000-08:00"}'
BODY = '{"CustomerRef":{"value":"1"}}'


def create(client):
	return client.create("Invoice", BODY, "request-1")


def find_free_port() -> int:
	with socket.create_server(("127.0.0.1", 0)) as probe:
		return probe.getsockname()[1]


def connect_to(url: str, **options) -> QuickBooksClient:
	settings = {"realm_id": "4620", "access_token": TOKEN, "timeout": (5, 10), **options}
	return QuickBooksClient(base_url=url, **settings)


def test_refused_connection_sent_nothing():
	with pytest.raises(NotSent, match="could not be reached.*Nothing was sent"):
		create(connect_to(f"http://127.0.0.1:{find_free_port()}"))


def test_unknown_host_sent_nothing():
	with pytest.raises(NotSent):
		create(connect_to("http://no-such-host.invalid"))


def test_connect_timeout_sent_nothing():
	# A listener whose backlog is full does not answer further handshakes.
	with socket.create_server(("127.0.0.1", 0), backlog=0) as listener:
		address = listener.getsockname()
		fillers = []
		for _ in range(8):
			filler = socket.socket()
			filler.setblocking(False)
			filler.connect_ex(address)
			fillers.append(filler)
		time.sleep(0.1)
		with pytest.raises(NotSent, match="connecting took too long"):
			create(connect_to(f"http://127.0.0.1:{address[1]}", timeout=(0.3, 0.3)))
		for filler in fillers:
			filler.close()


def test_failed_tls_handshake_sent_nothing(server):
	# The server speaks plain HTTP: the handshake fails before the request could leave.
	server.script = [answer(INVOICE)]
	with pytest.raises(NotSent):
		create(connect_to(server.url.replace("http://", "https://")))
	assert not any("invoice" in request.line for request in server.received)


@pytest.mark.parametrize("token", ["two\nlines", "", "gap here", "Ünicode"])
def test_damaged_token_sent_nothing_and_is_not_told(server, token):
	server.script = [answer(INVOICE)]
	with pytest.raises(NotSent) as caught:
		create(connect_to(server.url, access_token=token))
	assert not token or token not in str(caught.value)
	assert server.received == []


def test_connection_dropped_after_reading_is_unknown(client, server):
	server.script = [lambda connection, request: False]
	with pytest.raises(OutcomeUnknown, match="may have stored.*searched before"):
		create(client)
	assert server.received[0].body == BODY.encode()


def test_a_reading_without_an_answer_does_not_speak_of_storing(client, server):
	server.script = [lambda connection, request: False]
	for read in (lambda: client.read("Invoice", "145"), lambda: client.query("SELECT * FROM Invoice")):
		with pytest.raises(OutcomeUnknown, match="did not answer.*try again") as caught:
			read()
		assert "may have stored" not in str(caught.value)


def test_connection_reset_after_reading_is_unknown(client, server):
	def reset(connection, _request):
		connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
		connection.close()

	server.script = [reset]
	with pytest.raises(OutcomeUnknown):
		create(client)


def test_connection_reset_while_sending_is_unknown():
	with socket.create_server(("127.0.0.1", 0)) as listener:

		def take_a_little() -> None:
			connection, _address = listener.accept()
			connection.recv(100)
			connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
			connection.close()

		threading.Thread(target=take_a_little, daemon=True).start()
		client = connect_to(f"http://127.0.0.1:{listener.getsockname()[1]}")
		with pytest.raises(OutcomeUnknown):
			client.create("Invoice", '{"PrivateNote":"' + "x" * 20_000_000 + '"}', "request-1")


def test_slow_answer_is_unknown(server):
	server.script = [lambda connection, request: time.sleep(2)]
	with pytest.raises(OutcomeUnknown, match="took too long"):
		create(connect_to(server.url, timeout=(5, 0.5)))


def test_half_a_body_is_unknown(client, server):
	def send_half(connection, _request):
		connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n" + INVOICE[:40].encode())

	server.script = [send_half]
	with pytest.raises(OutcomeUnknown):
		create(client)


def test_half_a_chunked_body_is_unknown(client, server):
	def send_half(connection, _request):
		connection.sendall(
			b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n20\r\n" + INVOICE[:32].encode()
		)

	server.script = [send_half]
	with pytest.raises(OutcomeUnknown):
		create(client)


def test_body_that_stalls_is_unknown(server):
	def stall(connection, _request):
		connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{")
		time.sleep(2)

	server.script = [stall]
	with pytest.raises(OutcomeUnknown):
		create(connect_to(server.url, timeout=(5, 0.5)))


def test_something_that_is_not_http_is_unknown(client, server):
	server.script = [lambda connection, request: connection.sendall(b"SSH-2.0-OpenSSH_9\r\n") or False]
	with pytest.raises(OutcomeUnknown):
		create(client)


def test_kept_connection_closed_while_sending_is_unknown(client, server):
	# The second request goes out on the connection that the first left open, and dies there.
	server.script = [answer(INVOICE), lambda connection, request: False]
	assert create(client).data["Id"] == "145"
	with pytest.raises(OutcomeUnknown):
		create(client)
	assert server.connections == 1


def test_kept_connection_closed_before_sending_is_replaced(client, server):
	server.script = [answer(INVOICE, keep=False), answer(INVOICE)]
	create(client)
	time.sleep(0.1)
	assert create(client).data["Id"] == "145"
	assert server.connections == 2


def test_refusal_after_a_good_call_still_sent_nothing(server):
	# The mark of the earlier request must not linger.
	server.script = [answer(INVOICE, keep=False)]
	client = connect_to(server.url)
	create(client)
	server.stop()
	time.sleep(0.1)
	with pytest.raises(NotSent):
		create(client)


def test_nothing_is_sent_twice(client, server):
	server.script = [lambda connection, request: False]
	with pytest.raises(OutcomeUnknown):
		create(client)
	time.sleep(0.1)
	assert len(server.received) == 1


def test_redirect_is_not_followed(client, server):
	server.script = [answer("", "302 Found", {"Location": f"{server.url}/elsewhere"})]
	with pytest.raises(OutcomeUnknown, match="HTTP 302"):
		create(client)
	assert len(server.received) == 1


def test_job_timeout_passes_through_untouched(client, server):
	class JobTimeout(Exception):
		pass

	def pace(operation):
		raise JobTimeout

	client.pacer = pace
	server.script = [answer(INVOICE)]
	with pytest.raises(JobTimeout):
		create(client)
	assert server.received == []


# Over TLS, as in production -------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
	"""A certificate for 127.0.0.1, and its key, in one file."""
	x509 = pytest.importorskip("cryptography.x509")
	from cryptography.hazmat.primitives import hashes, serialization
	from cryptography.hazmat.primitives.asymmetric import ec

	key = ec.generate_private_key(ec.SECP256R1())
	name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
	now = datetime.now(timezone.utc)
	built = (
		x509.CertificateBuilder()
		.subject_name(name)
		.issuer_name(name)
		.public_key(key.public_key())
		.serial_number(x509.random_serial_number())
		.not_valid_before(now - timedelta(days=1))
		.not_valid_after(now + timedelta(days=1))
		.add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
		.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
		.sign(key, hashes.SHA256())
	)
	path = tmp_path_factory.mktemp("tls") / "server.pem"
	path.write_bytes(
		key.private_bytes(
			serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
		)
		+ built.public_bytes(serialization.Encoding.PEM)
	)
	return path


@pytest.fixture
def tls_server(server, certificate):
	server.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
	server.tls.load_cert_chain(certificate)
	return server


def test_untrusted_certificate_sent_nothing(tls_server):
	tls_server.script = [answer(INVOICE)]
	with pytest.raises(NotSent):
		create(connect_to(tls_server.url))
	assert tls_server.received == []


def test_tls_answer_and_tls_drop(tls_server, certificate):
	tls_server.script = [answer(INVOICE), lambda connection, request: False]
	client = connect_to(tls_server.url)
	client.session.verify = str(certificate)
	assert create(client).data["Id"] == "145"
	with pytest.raises(OutcomeUnknown):
		create(client)


# Through a proxy, as in many offices ----------------------------------------------------------------------------------


@pytest.fixture
def proxied(server, monkeypatch):
	for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy"):
		monkeypatch.setenv(name, server.url)
	return server


def test_proxy_that_drops_the_request_is_unknown(proxied):
	proxied.script = [lambda connection, request: False]
	with pytest.raises(OutcomeUnknown):
		create(connect_to("http://quickbooks.example"))
	assert proxied.received[0].line.startswith("POST http://quickbooks.example/v3/company/4620/invoice")


def test_proxy_that_refuses_the_tunnel_sent_nothing(proxied):
	proxied.script = [answer("", "502 Bad Gateway", keep=False)]
	with pytest.raises(NotSent):
		create(connect_to("https://quickbooks.example"))
	assert [request.line.split()[:2] for request in proxied.received] == [
		["CONNECT", "quickbooks.example:443"]
	]


def test_proxy_that_is_down_sent_nothing(proxied):
	proxied.stop()
	with pytest.raises(NotSent):
		create(connect_to("https://quickbooks.example"))
