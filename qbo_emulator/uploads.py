"""``POST /upload``: files and, beside each, what is said of it; an Attachable or a Fault for every file."""

from __future__ import annotations

import json
from typing import Any

from qbo_emulator import operations
from qbo_emulator.entities import ENTITIES
from qbo_emulator.faults import Fault
from qbo_emulator.multipart import Part, read_parts
from qbo_emulator.records import dump_json
from qbo_emulator.wire import read_object
from qbo_emulator.work import Work, load_body

MAX_UPLOAD = 100 * 1024 * 1024
METADATA, CONTENT = "file_metadata_", "file_content_"


def upload(work: Work, body: bytes, content_type: str, stamp: str) -> str:
	"""Store the files of a multipart body and return the answer's JSON text. Raises 2010 for a body without files."""
	metadata: dict[str, Part] = {}
	files: list[tuple[str, Part]] = []
	for part in read_parts(body, content_type):
		if part.name.startswith(METADATA):
			metadata[part.name.removeprefix(METADATA)] = part
		elif part.name.startswith(CONTENT) or part.file_name:
			files.append((part.name.removeprefix(CONTENT), part))
	if not files:
		raise Fault("2010", f"The request has no part {CONTENT}01")
	answers = [store_one(work, part, metadata.get(key), stamp) for key, part in files]
	return f'{{"AttachableResponse":[{",".join(answers)}],"time":"{stamp}"}}'


def store_one(work: Work, part: Part, said: Part | None, stamp: str) -> str:
	"""Store one file; a refusal leaves the others alone."""
	attachable = ENTITIES["Attachable"]
	try:
		with work.store.savepoint():
			body: dict[str, Any] = read_object(said.content) if said else {}
			body = {name: value for name, value in body.items() if name not in ("Id", "SyncToken")}
			body["FileName"] = body.get("FileName") or part.file_name or "file"
			body["ContentType"] = body.get("ContentType") or part.content_type
			row = operations.write(work, attachable, body)
			work.store.add_file(work.company.key, row.id, part.content)
			document = load_body(row.body)
			document["Size"] = len(part.content)
			row.body = dump_json(document)
			work.store.replace(row)
			return f'{{"Attachable":{operations.dump_row(attachable, row)}}}'
	except Fault as fault:
		return json.dumps({"Fault": fault.build_body(stamp)["Fault"]})
