"""Requests that are no plain operation on an entity: tax service, exchange rates, files, pdf and e-mail.

``read_action`` puts what is to be done into the call; ``Api`` runs it where it runs reads and writes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qbo_emulator import mailing
from qbo_emulator.downloads import MAKE_ADDRESS
from qbo_emulator.entities import BY_SEGMENT, ENTITIES
from qbo_emulator.faults import Fault
from qbo_emulator.operations import dump_row, read_row, refuse_operation
from qbo_emulator.pdf import build_pdf
from qbo_emulator.records import dump_json
from qbo_emulator.tax_service import create_tax_code
from qbo_emulator.uploads import upload
from qbo_emulator.wire import JSON_TYPE, read_object, wrap
from qbo_emulator.work import Work, load_body

if TYPE_CHECKING:
	from qbo_emulator.calls import Call

PDF_TYPE, TEXT_TYPE = "application/pdf", "text/plain;charset=UTF-8"


@dataclass
class Outcome:
	"""What an action answers; ``entity_id`` is what it wrote."""

	text: str
	content_type: str = JSON_TYPE
	entity_id: str | None = None


Action = Callable[[Work, str], Outcome]
"""Does the work; the text is the envelope's time."""


def read_action(call: Call, segments: list[str], body: bytes) -> bool:
	"""Fill in the call if it asks for one of these actions; return whether it does. Raises Fault for a bad request."""
	head = segments[0].lower() if segments else ""
	last = segments[-1].lower() if segments else ""
	if head == "taxservice" and last == "taxcode" and len(segments) == 2:
		set_action(call, "TaxService", "create", "POST")
		content = read_object(body)
		call.action = lambda work, _time: make_tax_code(work, content)
	elif head == "exchangerate" and len(segments) == 1 and call.method == "GET":
		set_action(call, "ExchangeRate", "read", "GET")
		source, day = (call.parameters.get(name, "") for name in ("sourcecurrencycode", "asofdate"))
		call.action = lambda work, time: find_exchange_rate(work, source, day, time)
	elif head == "upload" and len(segments) == 1:
		set_action(call, "Attachable", "upload", "POST")
		content_type = call.content_type
		call.action = lambda work, time: Outcome(upload(work, body, content_type, time))
	elif head == "download" and len(segments) == 2:
		set_action(call, "Attachable", "download", "GET")
		call.action = lambda work, _time: give_address(work, segments[1])
	elif head in BY_SEGMENT and len(segments) == 3 and last == "pdf":
		call.entity = BY_SEGMENT[head]
		set_action(call, call.entity.name, "pdf", "GET")
		call.action = lambda work, _time: print_transaction(work, head, segments[1])
	elif head in BY_SEGMENT and len(segments) == 3 and last == "send":
		call.entity = BY_SEGMENT[head]
		set_action(call, call.entity.name, "send", "POST")
		call.action = lambda work, time: send(work, head, segments[1], call.parameters.get("sendTo"), time)
	else:
		return False
	return True


def set_action(call: Call, entity_name: str, operation: str, method: str) -> None:
	call.entity_name, call.operation = entity_name, operation
	if call.method != method:
		raise refuse_operation(call.method)


def make_tax_code(work: Work, body: dict) -> Outcome:
	answer = create_tax_code(work, body)
	return Outcome(dump_json(answer), entity_id=answer["TaxCodeId"])


def find_exchange_rate(work: Work, source: str, day: str, time: str) -> Outcome:
	entity = ENTITIES["ExchangeRate"]
	return Outcome(wrap(entity.name, dump_row(entity, entity.find_rate(work, source, day)), time))


def give_address(work: Work, identifier: str) -> Outcome:
	"""Answer a temporary address as text. Raises 610 without a file."""
	row = read_row(work, ENTITIES["Attachable"], identifier)
	make_address = MAKE_ADDRESS.get()
	if "Size" not in load_body(row.body) or make_address is None:
		raise Fault("610", f"Object Not Found : Attachable {identifier} has no file.")
	return Outcome(make_address(row.company, int(row.id)), TEXT_TYPE)


def print_transaction(work: Work, segment: str, identifier: str) -> Outcome:
	entity = BY_SEGMENT[segment]
	if entity.name not in mailing.SENDABLE:
		raise refuse_operation("pdf")
	row = read_row(work, entity, identifier)
	return Outcome(build_pdf(work.company.name, entity.name, load_body(row.body)), PDF_TYPE)


def send(work: Work, segment: str, identifier: str, address: str | None, time: str) -> Outcome:
	entity = BY_SEGMENT[segment]
	row = mailing.send(work, entity, identifier, address)
	return Outcome(wrap(entity.name, dump_row(entity, row), time), entity_id=str(row.id))
