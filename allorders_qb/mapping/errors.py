"""The one error of this room."""

from __future__ import annotations


class MappingError(Exception):
	"""Something in a document or record cannot go to QuickBooks as it is.

	`str()` is a sentence that names the document, the row and the field, and says what to do. `field` is the field's label
	and `row` its line number, counted from 1, when there is one.
	"""

	def __init__(self, message: str, field: str | None = None, row: int | None = None) -> None:
		super().__init__(message)
		self.field = field
		self.row = row
