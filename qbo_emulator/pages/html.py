"""HTML from Python: every text is escaped unless it was made by ``tag``."""

from __future__ import annotations

from html import escape

from aiohttp import web

VOID_TAGS = frozenset({"input", "br", "hr", "meta", "link"})
STYLE = """
:root { color-scheme: light dark; --ink: #1d2b28; --quiet: #5d6f6a; --line: #d9e2df; --paper: #fff; --ground: #f3f6f5;
	--accent: #14746f; --bad: #b3261e; }
@media (prefers-color-scheme: dark) { :root { --ink: #e4ece9; --quiet: #9db0aa; --line: #34413d; --paper: #1b2321;
	--ground: #131918; --accent: #5cc3b4; --bad: #ff8a80; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
header { background: var(--paper); border-bottom: 1px solid var(--line); padding: 10px 24px; }
header .who { font-weight: 600; }
header .note { color: var(--quiet); font-size: 13px; margin-left: 8px; }
nav a { margin-right: 16px; }
main { max-width: 1080px; margin: 20px auto; padding: 0 20px; }
section { background: var(--paper); border: 1px solid var(--line); border-radius: 8px; padding: 16px 20px; margin: 0 0 18px; }
h1 { font-size: 22px; margin: 0 0 14px; } h2 { font-size: 16px; margin: 0 0 10px; }
a { color: var(--accent); text-decoration: none; } a:hover { text-decoration: underline; }
table { border-collapse: collapse; width: 100%; }
th { text-align: left; color: var(--quiet); font-weight: 600; font-size: 13px; }
th, td { padding: 6px 10px 6px 0; border-bottom: 1px solid var(--line); vertical-align: top; }
tr:last-child td { border-bottom: 0; } tr.total td { font-weight: 600; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.quiet { color: var(--quiet); } .bad { color: var(--bad); } .scroll { overflow-x: auto; }
.counts { display: flex; flex-wrap: wrap; gap: 12px; } .counts a { border: 1px solid var(--line); border-radius: 8px;
	padding: 10px 18px; color: var(--ink); min-width: 130px; } .counts strong { display: block; font-size: 22px; }
.columns { display: grid; grid-template-columns: repeat(auto-fit, minmax(220px, 1fr)); gap: 16px; }
form { margin: 0 0 12px; } form table { table-layout: fixed; } form th:first-child { width: 26%; } form th:nth-child(2) { width: 24%; }
form h2 { margin-top: 18px; } section > p:first-child { margin-top: 0; } section > p:last-child { margin-bottom: 0; }
dl { margin: 0; } dt { color: var(--quiet); font-size: 13px; } dd { margin: 0 0 8px; white-space: pre-line; }
pre { overflow-x: auto; white-space: pre-wrap; overflow-wrap: anywhere; background: var(--ground); padding: 10px; border-radius: 6px; }
button { font: inherit; padding: 6px 18px; border: 1px solid var(--line); border-radius: 6px; background: var(--paper);
	color: var(--ink); cursor: pointer; } button.main { background: var(--accent); border-color: var(--accent); color: var(--paper); }
input, select { font: inherit; padding: 4px 8px; border: 1px solid var(--line); border-radius: 6px; background: var(--paper);
	color: var(--ink); max-width: 100%; }
.choice { display: block; margin: 8px 0; } .stamp { border: 2px solid var(--bad); color: var(--bad); border-radius: 6px;
	padding: 0 8px; font-weight: 700; font-size: 14px; margin-left: 10px; }
"""


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
	headings: list[str], rows: list[list[object]], numbers: tuple[int, ...] = (), last_is_total: bool = False
) -> Html:
	"""Return a table; ``numbers`` are the columns set to the right."""
	if not rows:
		return tag("p", "Nothing here yet.", class_="quiet")

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
	status: int = 200,
) -> web.Response:
	"""Return a whole page; content that is not a section is put into one."""
	links: list[object] = []
	if navigation:
		suffix = f"?companyId={realm}" if realm else ""
		for address, text in (
			("/", "Company"), ("/app/customers", "Customers"), ("/app/items", "Items"), ("/app/invoices", "Invoices"),
			("/app/trialbalance", "Trial balance"), ("/app/requests", "Requests"), ("/app/knobs", "Knobs"),
		):  # fmt: skip
			links.append(link(address + suffix, text))
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
