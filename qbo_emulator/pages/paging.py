"""Pages of long lists: which rows, and the links to the rows around them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from aiohttp import web

from qbo_emulator.company import Company
from qbo_emulator.emulator import Emulator
from qbo_emulator.pages.html import Html, link, tag
from qbo_emulator.store import COLUMN_LIST, Row

PAGE_SIZE = 50


def read_page(request: web.Request) -> int:
	text = request.query.get("page", "1")
	return max(int(text), 1) if text.isascii() and text.isdigit() and len(text) < 9 else 1


def load_rows(
	emulator: Emulator, company: Company, request: web.Request, entities: Sequence[str], order: str
) -> tuple[list[Row], Html]:
	"""Return one page of rows and its pager; the parameter ``q`` looks in names and numbers."""
	sought = request.query.get("q", "").strip()
	pattern = f"%{sought}%"
	where = f"company = ? AND entity IN ({', '.join('?' * len(entities))})"
	values: list[Any] = [company.key, *entities]
	if sought:
		where += " AND (name LIKE ? OR doc_number LIKE ?)"
		values += [pattern, pattern]
	total = int(emulator.store.execute(f"SELECT count(*) FROM object WHERE {where}", values).fetchone()[0])
	cursor = emulator.store.execute(
		f"SELECT {COLUMN_LIST} FROM object WHERE {where} ORDER BY {order} LIMIT ? OFFSET ?",
		(*values, PAGE_SIZE, (read_page(request) - 1) * PAGE_SIZE),
	)
	return [Row(*row) for row in cursor], build_pager(request, total)


def build_pager(request: web.Request, total: int) -> Html:
	"""Return how many there are, and links to the page before and after this one."""
	page = read_page(request)
	last = max((total + PAGE_SIZE - 1) // PAGE_SIZE, 1)

	def leaf(number: int, text: str) -> Html:
		return link(str(request.rel_url.update_query({"page": str(number)})), text)

	return tag(
		"p", f"{total:,} in all, page {page:,} of {last:,} ", leaf(min(page - 1, last), "Previous") if page > 1 else None,
		" ", leaf(page + 1, "Next") if page < last else None, class_="quiet",
	)  # fmt: skip


def build_search(request: web.Request, what: str) -> Html:
	"""Return a search box that keeps the address's other parameters."""
	kept = [
		tag("input", type="hidden", name=name, value=value)
		for name, value in request.query.items()
		if name not in ("q", "page")
	]
	box = tag(
		"input", type="search", name="q", value=request.query.get("q", ""), placeholder=what, aria_label=what
	)
	return tag("form", *kept, box, " ", tag("button", "Search"), method="get")
