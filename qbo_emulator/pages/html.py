"""HTML from Python: every text is escaped unless it was made by ``tag``."""

from __future__ import annotations

from html import escape
from urllib.parse import quote

from aiohttp import web

from qbo_emulator.pages.style import STYLE

VOID_TAGS = frozenset({"input", "br", "hr", "meta", "link"})
NAVIGATION = (
	("/", "Company"), ("/app/customers", "Customers"), ("/app/vendors", "Vendors"), ("/app/items", "Items"),
	("/app/accounts", "Accounts"), ("/app/transactions", "Transactions"), ("/app/reports", "Reports"),
	("/app/requests", "Requests"), ("/app/webhooks", "Webhooks"), ("/app/knobs", "Knobs"),
)  # fmt: skip


class Html(str):
	"""Text that is HTML already."""


def join(children: tuple | list) -> str:
	return "".join(
		child if isinstance(child, Html) else escape(str(child)) for child in children if child is not None
	)


def tag(name: str, /, *children: object, **attributes: object) -> Html:
	"""Return an element. ``class_`` stands for class; True gives a bare attribute, False and None none."""
	parts = [name]
	for key, value in attributes.items():
		if value is None or value is False:
			continue
		key = key.rstrip("_").replace("_", "-")
		parts.append(key if value is True else f'{key}="{escape(str(value), quote=True)}"')
	if name in VOID_TAGS:
		return Html(f"<{' '.join(parts)}>")
	return Html(f"<{' '.join(parts)}>{join(children)}</{name}>")


def link(href: str, text: object) -> Html:
	return tag("a", text, href=href)


def table(
	headings: list[str],
	rows: list[list[object]],
	numbers: tuple[int, ...] = (),
	last_is_total: bool = False,
	empty: str = "Nothing here yet.",
) -> Html:
	"""Return a table; ``numbers`` are the columns set to the right, ``empty`` is said where there are no rows."""
	if not rows:
		return tag("p", empty, class_="quiet")

	def cell(kind: str, index: int, content: object) -> Html:
		return tag(kind, content, class_="number" if index in numbers else None)

	head = tag("tr", *(cell("th", index, heading) for index, heading in enumerate(headings)))
	lines = []
	for position, row in enumerate(rows):
		total = last_is_total and position == len(rows) - 1
		lines.append(
			tag(
				"tr",
				*(cell("td", index, item) for index, item in enumerate(row)),
				class_="total" if total else None,
			)
		)
	return tag("div", tag("table", tag("thead", head), tag("tbody", *lines)), class_="scroll")


def facts(pairs: list[tuple[str, object]]) -> Html:
	"""Return a list of labelled facts; empty ones are left out."""
	return tag(
		"dl",
		*(
			part
			for label, value in pairs
			if value not in (None, "")
			for part in (tag("dt", label), tag("dd", value))
		),
	)


def render_page(
	title: str,
	*content: object,
	company: str = "QuickBooks",
	realm: str | None = None,
	navigation: bool = True,
	here: str = "",
	status: int = 200,
) -> web.Response:
	"""Return a whole page; content that is not a section is put into one. ``here`` is the page's place in the navigation."""
	links: list[object] = []
	if navigation:
		suffix = f"?companyId={quote(realm)}" if realm else ""
		for address, text in NAVIGATION:
			is_here = address == here
			links.append(tag("a", text, href=address + suffix, class_="here" if is_here else None))
	body = [
		part if isinstance(part, Html) and part.startswith("<section") else tag("section", part)
		for part in content
	]
	head = tag(
		"header", tag("div", tag("span", company, class_="who"), tag("span", "QuickBooks Online emulator", class_="note")),
		tag("nav", *links) if links else None,
	)  # fmt: skip
	page = (
		"<!doctype html>"
		+ tag("html", tag("head", tag("meta", charset="utf-8"), tag("title", f"{title} · {company}"),
			tag("meta", name="viewport", content="width=device-width, initial-scale=1"), tag("style", Html(STYLE))),
			tag("body", head, tag("main", tag("h1", title), *body)), lang="en")
	)  # fmt: skip
	return web.Response(text=page, status=status, content_type="text/html")
