"""Attachable: a note, or a file, or both, attached to transactions and list records."""

from __future__ import annotations

from typing import Any

from qbo_emulator.downloads import MAKE_ADDRESS
from qbo_emulator.entities.base import ENTITIES, Column, Entity, in_body
from qbo_emulator.faults import Fault, refuse_business, refuse_missing
from qbo_emulator.fields import COMMON, Choice, Flag, Many, ReadOnly, Reference, Struct, Text
from qbo_emulator.store import Row
from qbo_emulator.work import Work

FIRST_ID = 100_000_000_000_000_001
"""Live Ids of attachables are huge; a client that takes them for 32 bits is to notice."""
FILE_PROPERTIES = ("FileName", "ContentType", "Size")


class EntityReference(Reference):
	"""A reference that says in ``type`` what it refers to."""

	def __init__(self) -> None:
		super().__init__()
		self.fields["type"] = Text(60)


class Attachable(Entity):
	name = sequence = "Attachable"
	operations = frozenset({"read", "query", "create", "update", "delete"})
	renders = True
	schema = Struct(
		**COMMON,
		FileName=Text(1000),
		Note=Text(2000),
		Category=Choice("Contact Photo", "Document", "Image", "Receipt", "Signature", "Sound", "Other"),
		ContentType=Text(100),
		AttachableRef=Many(
			Struct(
				EntityRef=EntityReference(), IncludeOnSend=Flag(), LineInfo=Text(100), NoRefOnly=Flag(),
				Inactive=ReadOnly(), CustomField=ReadOnly(),
			)
		),
		PlaceName=Text(2000),
		Long=Text(100),
		Lat=Text(100),
		Tag=Text(2000),
		**dict.fromkeys(
			("FileAccessUri", "TempDownloadUri", "Size", "ThumbnailFileAccessUri", "ThumbnailTempDownloadUri"), ReadOnly()
		),
	)  # fmt: skip
	columns = {
		"FileName": Column("name", "text"),
		"Note": in_body("Note"),
		"Category": in_body("Category"),
		"ContentType": in_body("ContentType"),
		"AttachableRef.EntityRef.Type": in_body("AttachableRef[0].EntityRef.type"),
		"AttachableRef.EntityRef.value": in_body("AttachableRef[0].EntityRef.value"),
	}

	def prepare(self, work: Work, sent: dict[str, Any], previous: dict[str, Any] | None) -> dict[str, Any]:
		document = dict(sent)
		if previous and "Size" in previous:
			document.update({name: previous[name] for name in FILE_PROPERTIES if name in previous})
		if "Note" not in document and "FileName" not in document:
			raise refuse_business("You must have at least a note string or file attachment")
		for reference in document.get("AttachableRef", []):
			self.check_reference(work, reference)
		return document

	def check_reference(self, work: Work, reference: dict[str, Any]) -> None:
		target = reference.get("EntityRef")
		if not target:
			return
		kind = next((name for name in ENTITIES if name.lower() == target.get("type", "").lower()), None)
		if kind is None:
			raise refuse_missing("AttachableRef.EntityRef.type")
		if work.get(kind, target["value"]) is None:
			detail = f"Invalid Reference Id : {kind} element id {target['value']} not found"
			raise Fault("2500", detail, "AttachableRef")
		reference["EntityRef"] = {"value": target["value"], "type": kind}
		reference.setdefault("IncludeOnSend", False)

	def check_delete(self, work: Work, cleaned: dict[str, Any]) -> None:
		"""A delete wants the whole object, as Intuit's page has it; the knob lets Id and SyncToken do."""
		if work.company.knobs["attachable_delete"] == "full_object":
			self.prepare(
				work, {name: cleaned[name] for name in ("Note", "FileName") if name in cleaned}, None
			)

	def build_columns(self, document: dict[str, Any]) -> dict[str, Any]:
		return {"name": document.get("FileName")}

	def release(self, work: Work, row: Row, document: dict[str, Any]) -> None:
		work.store.remove_file(work.company.key, row.id)

	def render(self, row: Row, document: dict[str, Any]) -> dict[str, Any]:
		make_address = MAKE_ADDRESS.get()
		if "Size" in document and make_address is not None:
			document["FileAccessUri"] = f"/download/{row.id}"
			document["TempDownloadUri"] = make_address(row.company, int(row.id))
		return document
