"""Reads a statement of the query language. Grammar and faults: Intuit's "data queries" page and captures.

``SELECT * | fields | count(*) FROM Entity [WHERE a AND b ...] [ORDERBY f [ASC|DESC], ...] [STARTPOSITION n]
[MAXRESULTS n]``. No OR, no NOT, no parentheses, no joins.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from qbo_emulator.faults import Fault

TOKEN = re.compile(
	r"""\s*(?:
		(?P<string>'(?:\\.|[^'\\])*')
		| (?P<symbol><=|>=|!=|<>|[=<>(),*])
		| (?P<word>[A-Za-z_][A-Za-z0-9_.]*)
		| (?P<bare>-?\d[0-9A-Za-z:.+\-]*)
	)""",
	re.VERBOSE | re.DOTALL,
)
OPERATORS = ("=", "<", ">", "<=", ">=", "!=")
MAX_STATEMENT = 100_000
MAX_CONDITIONS = 100
MAX_VALUES = 5000
DEFAULT_RESULTS = 100
MAX_RESULTS = 1000


@dataclass(frozen=True)
class Condition:
	"""``operator`` is one of OPERATORS, "IN" or "LIKE"; values are their text, unescaped."""

	field: str
	operator: str
	values: tuple[str, ...]


@dataclass
class Statement:
	entity: str = ""
	count: bool = False
	fields: list[str] = field(default_factory=list)
	conditions: list[Condition] = field(default_factory=list)
	order: list[tuple[str, bool]] = field(default_factory=list)
	start: int = 1
	results: int = DEFAULT_RESULTS


def refuse_parse(position: int, found: str) -> Fault:
	"""Return fault 4000 naming what the parser met."""
	return Fault(
		"4000", f'QueryParserError: Encountered " <{found[:40] or "EOF"}> " at line 1, column {position + 1}.'
	)


def refuse_query(sentence: str) -> Fault:
	"""Return fault 4001."""
	return Fault("4001", f"QueryValidationError: {sentence}")


def parse_statement(text: str) -> Statement:
	"""Return the statement. Raises 4000 where the text is not one and 4001 for positions out of range."""
	if len(text) > MAX_STATEMENT:
		raise refuse_query(f"the query is longer than {MAX_STATEMENT} characters")
	return Parser(text).parse()


class Parser:
	"""A recursive-descent parser over a list of tokens (kind, text, position)."""

	def __init__(self, text: str) -> None:
		self.tokens: list[tuple[str, str, int]] = []
		position = 0
		end = len(text.rstrip())
		while position < end:
			match = TOKEN.match(text, position)
			if not match or match.end() == position:
				stripped = text[position:].lstrip()
				raise refuse_parse(end - len(stripped) if stripped else position, stripped[:1])
			kind = str(match.lastgroup)
			self.tokens.append((kind, match.group(kind), match.start(kind)))
			position = match.end()
		self.tokens.append(("end", "", end))
		self.index = 0

	@property
	def current(self) -> tuple[str, str, int]:
		return self.tokens[self.index]

	def fail(self) -> Fault:
		_kind, text, position = self.current
		return refuse_parse(position, text)

	def take(self, kind: str) -> str:
		if self.current[0] != kind:
			raise self.fail()
		text = self.current[1]
		self.index += 1
		return text

	def take_symbol(self, symbol: str) -> None:
		if self.current[:2] != ("symbol", symbol):
			raise self.fail()
		self.index += 1

	def skip_word(self, *words: str) -> bool:
		"""Step over a keyword (or two in a row) if it is there; keywords do not mind case."""
		for offset, word in enumerate(words):
			if self.index + offset >= len(self.tokens):
				return False
			kind, text, _position = self.tokens[self.index + offset]
			if kind != "word" or text.upper() != word:
				return False
		self.index += len(words)
		return True

	def skip_symbol(self, symbol: str) -> bool:
		if self.current[:2] == ("symbol", symbol):
			self.index += 1
			return True
		return False

	def parse(self) -> Statement:
		statement = Statement()
		if not self.skip_word("SELECT"):
			raise self.fail()
		self.parse_selection(statement)
		if not self.skip_word("FROM"):
			raise self.fail()
		statement.entity = self.take("word")
		if self.skip_word("WHERE"):
			statement.conditions.append(self.parse_condition())
			while self.skip_word("AND"):
				if len(statement.conditions) >= MAX_CONDITIONS:
					raise refuse_query(f"more than {MAX_CONDITIONS} conditions")
				statement.conditions.append(self.parse_condition())
		if self.skip_word("ORDERBY") or self.skip_word("ORDER", "BY"):
			statement.order.append(self.parse_order())
			while self.skip_symbol(","):
				statement.order.append(self.parse_order())
		while True:
			if self.skip_word("STARTPOSITION"):
				statement.start = self.parse_position(1, None)
			elif self.skip_word("MAXRESULTS"):
				statement.results = self.parse_position(1, MAX_RESULTS)
			else:
				break
		if self.current[0] != "end":
			raise self.fail()
		return statement

	def parse_selection(self, statement: Statement) -> None:
		if self.skip_word("COUNT"):
			self.take_symbol("(")
			self.take_symbol("*")
			self.take_symbol(")")
			statement.count = True
			return
		while True:
			statement.fields.append("*" if self.skip_symbol("*") else self.take("word"))
			if not self.skip_symbol(","):
				return

	def parse_condition(self) -> Condition:
		name = self.take("word")
		if self.skip_word("IN"):
			self.take_symbol("(")
			values = [self.parse_value()]
			while self.skip_symbol(","):
				values.append(self.parse_value())
			self.take_symbol(")")
			if len(values) > MAX_VALUES:
				raise refuse_query(f"more than {MAX_VALUES} values")
			return Condition(name, "IN", tuple(values))
		if self.skip_word("LIKE"):
			return Condition(name, "LIKE", (self.parse_value(),))
		if self.current[0] != "symbol":
			raise self.fail()
		operator = self.current[1].replace("<>", "!=")
		if operator not in OPERATORS:
			raise self.fail()
		self.index += 1
		return Condition(name, operator, (self.parse_value(),))

	def parse_value(self) -> str:
		"""Return a quoted value without its quotes and backslashes, or a bare number, date or true/false."""
		kind, text, _position = self.current
		if kind == "string":
			self.index += 1
			return re.sub(r"\\(.)", r"\1", text[1:-1], flags=re.DOTALL)
		if kind == "bare" or (kind == "word" and text.lower() in ("true", "false")):
			self.index += 1
			return text
		raise self.fail()

	def parse_order(self) -> tuple[str, bool]:
		"""Return the field and whether it is descending."""
		name = self.take("word")
		if self.skip_word("DESC"):
			return name, True
		self.skip_word("ASC")
		return name, False

	def parse_position(self, least: int, most: int | None) -> int:
		kind, text, _position = self.current
		if kind == "string":
			text = text[1:-1]
		digits = text[1:] if text.startswith("-") else text
		if kind not in ("bare", "string") or not digits.isascii() or not digits.isdigit():
			raise self.fail()
		self.index += 1
		value = int(text) if len(digits) < 12 else 10**12 * (-1 if text.startswith("-") else 1)
		if value < least:
			raise refuse_query(f"value {text} is too small. Min allowed value is {least}")
		if most is not None and value > most:
			raise refuse_query(f"value {text} is too large. Max allowed value is {most}")
		return value
