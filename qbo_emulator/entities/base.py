"""What the emulator has to know of an entity: its properties, its rules, and what queries may filter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from qbo_emulator.fields import COMMON, Struct
from qbo_emulator.store import Row
from qbo_emulator.work import Work


@dataclass(frozen=True)
class Column:
	"""How a query sees a property. ``kind``: id, reference, text, money, quantity, number, date, stamp or flag."""

	expression: str
	kind: str


def in_body(path: str, kind: str = "text") -> Column:
	"""Return a column that is looked up in the JSON body: filterable, though not indexed."""
	return Column(f"json_extract(body, '$.{path}')", kind)


COMMON_COLUMNS = {
	"Id": Column("id", "id"),
	"SyncToken": Column("sync_token", "number"),
	"MetaData.CreateTime": Column("created", "stamp"),
	"MetaData.LastUpdatedTime": Column("updated", "stamp"),
}


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
	is_transaction = False

	@property
	def query_columns(self) -> dict[str, Column]:
		return {**COMMON_COLUMNS, **self.columns}

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

	def record_effects(
		self, work: Work, row: Row, document: dict[str, Any], previous: dict[str, Any] | None
	) -> None:
		"""Post to the ledger and move balances after the row was stored."""

	def undo_effects(self, work: Work, row: Row, document: dict[str, Any]) -> None:
		"""Take back what ``record_effects`` did, before an update, a void or a delete."""

	def blank(self, document: dict[str, Any]) -> dict[str, Any]:
		"""Return the voided form of a document. Only for entities with the operation void."""
		raise NotImplementedError

	def complete_definition(self, document: dict[str, Any]) -> dict[str, Any]:
		"""Return a company file's record with the properties the service would add."""
		return document

	def render(self, row: Row, document: dict[str, Any]) -> dict[str, Any]:
		"""Return what a client sees: the stored document with figures that move by themselves filled in."""
		return document

	renders = False
	"""True where ``render`` changes anything; otherwise the stored text is sent as it is."""
