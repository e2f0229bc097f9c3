"""What a request to the API asks for: its entity, operation and Id, read from method, path and parameters."""

from __future__ import annotations

from dataclasses import dataclass, field

from qbo_emulator.actions import Action, read_action
from qbo_emulator.batch import BatchItem, read_items
from qbo_emulator.entities import BY_SEGMENT, NOT_EMULATED
from qbo_emulator.entities.base import Entity
from qbo_emulator.faults import Fault
from qbo_emulator.operations import refuse_operation
from qbo_emulator.query.parser import Statement, parse_statement
from qbo_emulator.query.runner import find_entity
from qbo_emulator.wire import read_object, read_text
from qbo_emulator.xml_bodies import is_xml, read_xml

NO_ID = ("companyinfo", "preferences")
WRITES = ("create", "update", "delete", "void", "batch", "upload", "send")


@dataclass
class Call:
	"""``fault`` is what is wrong with the request itself; it is answered only after the gateway let it pass."""

	method: str
	path: str
	operation: str | None = None
	entity_name: str | None = None
	entity: Entity | None = None
	identifier: str = ""
	body: dict = field(default_factory=dict)
	statement: Statement | None = None
	items: list[BatchItem] = field(default_factory=list)
	requestid: str | None = None
	include: frozenset[str] = frozenset()
	parameters: dict[str, str] = field(default_factory=dict)
	content_type: str = ""
	action: Action | None = None
	"""What is to be done where it is no plain operation on an entity."""
	fault: Fault | None = None

	@property
	def writes(self) -> bool:
		return self.operation in WRITES

	def describe(self) -> dict[str, str | None]:
		"""Return what rules match on."""
		return {
			"method": self.method,
			"path": self.path,
			"entity": self.entity_name,
			"operation": self.operation,
			"requestid": self.requestid,
		}


def read_call(
	method: str,
	path: str,
	segments: list[str],
	parameters: dict[str, str],
	body: bytes,
	content_type: str = "",
) -> Call:
	"""Return the call; whatever is wrong with it stands in its ``fault``."""
	include = frozenset(parameters.get("include", "").lower().replace(" ", "").split(","))
	call = Call(
		method,
		path,
		requestid=parameters.get("requestid") or None,
		include=include,
		parameters=parameters,
		content_type=content_type,
	)
	try:
		read_segments(call, segments, body)
	except Fault as fault:
		call.fault = fault
	return call


def read_segments(call: Call, segments: list[str], body: bytes) -> None:
	head = segments[0].lower() if segments else ""
	if call.method == "POST" and is_xml(call.content_type) and head not in BY_SEGMENT:
		raise Fault("500", f"Bodies in XML are not emulated for {head[:40]}; send JSON.", "Operation")
	if head == "query" and len(segments) == 1:
		read_query(call, body)
	elif head == "batch" and len(segments) == 1:
		call.operation, call.entity_name = "batch", "Batch"
		require_method(call, "POST")
		call.items = read_items(read_object(body), bool(call.requestid))
	elif head == "cdc" and len(segments) == 1:
		call.operation, call.entity_name = "cdc", "CDC"
		require_method(call, "GET")
	elif head == "reports" and len(segments) == 2:
		call.operation, call.entity_name = "report", segments[1]
		require_method(call, "GET")
	elif read_action(call, segments, body):
		return
	elif head in BY_SEGMENT:
		call.entity = BY_SEGMENT[head]
		call.entity_name = call.entity.name
		if call.method == "POST" and len(segments) == 1:
			read_write(call, body)
		else:
			read_read(call, head, segments)
	elif head in NOT_EMULATED:
		call.entity_name = segments[0]
		raise Fault("500", f"{segments[0]} is not emulated yet.", "Operation")
	else:
		raise Fault("2000", f"Unsupported object name: {head[:60]}")


def require_method(call: Call, method: str) -> None:
	if call.method != method:
		raise refuse_operation(call.method)


def read_query(call: Call, body: bytes) -> None:
	"""GET carries the statement in ``query``; POST in the body, as application/text."""
	call.operation = "query"
	text = call.parameters.get("query", "") if call.method == "GET" else read_text(body)
	if call.method == "POST" and not text.strip():
		text = call.parameters.get("query", "")
	call.statement = parse_statement(text)
	call.entity_name = call.statement.entity
	call.entity_name = find_entity(call.statement.entity).name


def read_write(call: Call, body: bytes) -> None:
	"""``operation=update`` is accepted and not required: an Id in the body makes it an update."""
	wanted = call.parameters.get("operation", "").lower()
	call.operation = wanted if wanted in ("delete", "void") else "create"
	assert call.entity is not None
	if is_xml(call.content_type):
		call.body = read_xml(body, call.entity.name, call.entity.schema)
	else:
		call.body = read_object(body)
	if call.operation == "create" and str(call.body.get("Id") or "0") != "0":
		call.operation = "update"
	if wanted not in ("", "create", "update", "delete", "void"):
		raise refuse_operation(wanted[:40])
	if "void" in call.entity.operations:
		if "void" in call.include and wanted == "update":
			call.operation = "void"
		elif wanted == "void" and call.entity.void_call == "update":
			raise refuse_operation("void")


def read_read(call: Call, head: str, segments: list[str]) -> None:
	call.operation = "read"
	require_method(call, "GET")
	if len(segments) == 1 and head in NO_ID:
		call.identifier = "1"
	elif len(segments) == 2:
		call.identifier = "1" if head in NO_ID else segments[1]
	else:
		raise refuse_operation("/".join(segments[2:])[:40] or "read")
