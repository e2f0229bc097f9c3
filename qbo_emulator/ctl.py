"""``python -m qbo_emulator ctl …``: the control API from the command line."""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlencode
from urllib.request import ProxyHandler, Request, build_opener

DEFAULT_URL = "http://127.0.0.1:8081"
TIMEOUT = 60
WRITES = {
	"knobs": "PATCH",
	"preferences": "PATCH",
	"faults": "POST",
	"clock": "POST",
	"as_user": "POST",
	"records": "POST",
	"forge": "POST",
	"reset": "POST",
	"tokens": "POST",
	"revoke_all": "POST",
	"webhooks": "PUT",
}
"""How a call is sent when it has something to say; without anything it is a GET."""
ALWAYS_WRITE = ("reset", "tokens", "revoke_all")
CLEARABLE = ("faults", "requests", "deliveries")
CALLS = sorted({*WRITES, *CLEARABLE, "companies", "export", "ledger", "limits", "stock"})
GLOBAL = ("clock", "companies", "webhooks")
EXAMPLES = """examples:
  ctl knobs                                      show the knobs
  ctl knobs latency_ms=200 throttle.enabled=false
  ctl faults '{"match": {"entity": "Invoice"}, "gateway": "3001", "times": 5}'
  ctl faults clear
  ctl requests operation=create status=400       the journal, filtered
  ctl clock 86400                                move the clock by a day
  ctl as_user '{"entity": "Invoice", "operation": "void", "body": {"Id": "7"}}'
  ctl webhooks my-app '{"url": "http://127.0.0.1:8000/hook", "verifier_token": "secret"}'
"""


class CtlError(Exception):
	"""A call that cannot be made or was refused; the sentence is for the command line."""


def build_parser() -> argparse.ArgumentParser:
	parser = argparse.ArgumentParser(
		prog="python -m qbo_emulator ctl",
		description="Talk to a running emulator's control API; prints JSON.",
		epilog=EXAMPLES,
		formatter_class=argparse.RawDescriptionHelpFormatter,
	)
	parser.add_argument("--url", default=DEFAULT_URL, help=f"address of the emulator (default {DEFAULT_URL})")
	parser.add_argument("--realm", help="realm id (default: the emulator's first company)")
	parser.add_argument("call", choices=CALLS, metavar="CALL", help=f"one of: {', '.join(CALLS)}")
	parser.add_argument(
		"words", nargs="*", metavar="WORD", help="JSON, NAME=VALUE, or the word clear; see the examples"
	)
	return parser


def read_value(text: str) -> Any:
	"""Return a value typed on the command line: JSON where it is JSON, else text."""
	try:
		return json.loads(text)
	except ValueError:
		return text


def read_pairs(words: list[str]) -> dict[str, Any]:
	"""Return NAME=VALUE words as an object. Raises CtlError."""
	pairs = [word.partition("=") for word in words]
	for name, equals, _value in pairs:
		if not equals:
			raise CtlError(f"{name!r} is neither JSON nor NAME=VALUE.")
	return {name: read_value(value) for name, _equals, value in pairs}


def build_request(call: str, words: list[str]) -> tuple[str, str, Any, dict[str, Any]]:
	"""Return method, path below the company, body and parameters of a call. Raises CtlError."""
	path, words = call, list(words)
	if call == "webhooks" and words:
		path = f"{call}/{quote(words.pop(0), safe='')}"
		if words == ["clear"]:
			return "DELETE", path, None, {}
	if call in CLEARABLE and words == ["clear"]:
		return "DELETE", path, None, {}
	if call == "clock" and len(words) == 1 and "=" not in words[0]:
		return "POST", path, {"advance_seconds": read_value(words[0])}, {}
	body: Any = read_value(words[0]) if len(words) == 1 else None
	if not isinstance(body, (dict, list)):
		body = read_pairs(words)
	if call in ALWAYS_WRITE or (call in WRITES and body):
		return WRITES[call], path, body, {}
	if not isinstance(body, dict):
		raise CtlError(f"{call} takes NAME=VALUE.")
	return "GET", path, None, body


def send(url: str, method: str, path: str, body: Any, parameters: dict[str, Any]) -> Any:
	"""Return the answer. Raises CtlError with the emulator's sentence."""
	address = f"{url}/_control/{path}" + (f"?{urlencode(parameters)}" if parameters else "")
	data = None if body is None else json.dumps(body).encode()
	request = Request(address, data=data, method=method, headers={"Content-Type": "application/json"})
	try:
		# a proxy has no business between this machine and itself
		with build_opener(ProxyHandler({})).open(request, timeout=TIMEOUT) as answer:
			return json.load(answer)
	except HTTPError as error:
		try:
			sentence = json.load(error)["error"]
		except (ValueError, KeyError, TypeError):
			sentence = f"The emulator answered {error.code}."
		raise CtlError(sentence) from None
	except (URLError, OSError, ValueError) as error:
		raise CtlError(f"There is no emulator at {url}: {error}.") from None


def main(arguments: list[str]) -> int:
	options = build_parser().parse_args(arguments)
	url = options.url.rstrip("/")
	try:
		method, path, body, parameters = build_request(options.call, options.words)
		if options.call not in GLOBAL:
			realm = options.realm or send(url, "GET", "companies", None, {})["companies"][0]["realm"]
			path = f"{quote(realm, safe='')}/{path}"
		answer = send(url, method, path, body, parameters)
	except CtlError as error:
		sys.stderr.write(f"ctl: {error}\n")
		return 1
	sys.stdout.write(json.dumps(answer, indent=2, ensure_ascii=False) + "\n")
	return 0
