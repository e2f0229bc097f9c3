"""What the emulator has to know of an entity: its properties, its rules, and what queries may filter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from qbo_emulator.faults import refuse_missing
from qbo_emulator.fields import COMMON, Struct
from qbo_emulator.store import Id, Row
from qbo_emulator.work import Work


@dataclass(frozen=True)
class Column:
	"""How a query sees a property. ``kind``: id, reference, text, money, quantity, number, date, stamp or flag."""

	expression: str
	kind: str


FollowUp = tuple[str, dict[str, Any]]
"""The name of an entity and the body of a record that the service makes by itself."""


def in_body(path: str, kind: str = "text") -> Column:
	"""Return a column that is looked up in the JSON body: filterable, though not indexed."""
	return Column(f"json_extract(body, '$.{path}')", kind)


COMMON_COLUMNS = {
	"Id": Column("id", "id"),
	"SyncToken": Column("sync_token", "number"),
	"MetaData.CreateTime": Column("created", "stamp"),
	"MetaData.LastUpdatedTime": Column("updated", "stamp"),
}


ENTITIES: dict[str, Entity] = {}
"""All entities by name; filled by the package."""


class Entity:
	"""Base of all entities. Subclasses are stateless; one instance each, in ``ENTITIES``."""

	name = ""
	sequence = ""
	"""Entities with the same sequence share one run of Ids, as all transactions do."""
	schema: Struct = Struct(**COMMON)
	columns: dict[str, Column] = {}
	operations: frozenset[str] = frozenset({"read", "query"})
	has_active = False
	"""List records can be made inactive and are then left out of queries that do not name Active."""
	name_space: str | None = None
	nested_by: str | None = None
	"""The property that makes up FullyQualifiedName, for lists that nest."""
	is_transaction = False
	required_on_update: frozenset[str] = frozenset()
	"""Properties that even a sparse update has to repeat (else 2020)."""
	void_call = ""
	"""How a void is asked for: "void" (``operation=void``) or "update" (``operation=update&include=void``)."""
	void_refusal = "unsupported"
	"""What a void is answered where there is none: "unsupported", "crash" or "nothing" (see ``refuse_void``)."""

	@property
	def query_columns(self) -> dict[str, Column]:
		return {**COMMON_COLUMNS, **self.columns}

	def check_update(self, cleaned: dict[str, Any]) -> None:
		"""Raise Fault for an update that may not be sent so; ``cleaned`` is what was sent, not merged yet."""
		for name in sorted(self.required_on_update):
			if name not in cleaned:
				raise refuse_missing(name)

	def prepare(self, work: Work, sent: dict[str, Any], previous: dict[str, Any] | None) -> dict[str, Any]:
		"""Return the complete document from what is to be stored. Raises Fault where a rule is broken.

		``sent`` holds cleaned properties, for an update already merged (sparse) or replaced (full); ``previous``
		is the stored document on update, else None.
		"""
		raise NotImplementedError

	def build_columns(self, document: dict[str, Any]) -> dict[str, Any]:
		"""Return the indexed columns of a document."""
		return {}

	def get_unique_name(self, document: dict[str, Any]) -> str:
		"""Return what must be unique in the entity's name space."""
		raise NotImplementedError

	def complete(self, work: Work, identifier: Id, document: dict[str, Any], is_new: bool) -> dict[str, Any]:
		"""Fill in what needs the Id or other records, just before storing. Returns further indexed columns."""
		return {}

	def record_effects(
		self, work: Work, row: Row, document: dict[str, Any], previous: dict[str, Any] | None
	) -> None:
		"""Post to the ledger and move balances after the row was stored."""

	def undo_effects(self, work: Work, row: Row, document: dict[str, Any]) -> None:
		"""Take back what ``record_effects`` did, before an update, a void or a delete."""

	def find_by_key(self, work: Work, cleaned: dict[str, Any]) -> Row | None:
		"""Return the record that a body without an Id writes; None makes a new one. For entities that have no Id."""
		return None

	def check_delete(self, work: Work, cleaned: dict[str, Any]) -> None:
		"""Raise Fault where the body of a delete, as sent, does not do."""

	def release(self, work: Work, row: Row, document: dict[str, Any]) -> None:
		"""Cut what ties a record to others before it is voided or deleted. Raises Fault where it is tied too well."""

	def list_follow_ups(self, work: Work, row: Row, document: dict[str, Any]) -> list[FollowUp]:
		"""Return what the service writes by itself after it created this record."""
		return []

	def blank(self, document: dict[str, Any]) -> dict[str, Any]:
		"""Return the voided form of a document. Only for entities with the operation void."""
		raise NotImplementedError

	def complete_definition(self, document: dict[str, Any]) -> dict[str, Any]:
		"""Return a company file's record with the properties the service would add."""
		return document

	def render(self, row: Row, document: dict[str, Any]) -> dict[str, Any]:
		"""Return what a client sees: the stored document with figures that move by themselves filled in."""
		return document

	def add_included(self, work: Work, document: dict[str, Any]) -> dict[str, Any]:
		"""Return what is shown to a read or query that asks for it by one of the words in ``includes``."""
		return document

	includes: frozenset[str] = frozenset()
	"""Words of ``include=`` that show more of a record, in lower case."""
	renders = False
	"""True where ``render`` changes anything; otherwise the stored text is sent as it is."""
