"""A plain PDF of a transaction, made by hand: standard fonts, no compression, ASCII only.

What a client needs of it is that it is a valid PDF with the transaction's number, lines and total; the service's own layout
is not imitated. Characters outside Windows' Latin alphabet are printed as question marks.
"""

from __future__ import annotations

from typing import Any

PAGE_WIDTH, PAGE_HEIGHT, MARGIN, LEADING = 612, 792, 54, 15
LINES_ON_A_PAGE = (PAGE_HEIGHT - 2 * MARGIN) // LEADING


def escape(text: str) -> str:
	"""Return text as the inside of a PDF string, in ASCII."""
	codes = text.encode("cp1252", "replace")
	return "".join(
		f"\\{code:03o}" if code < 32 or code > 126 or chr(code) in "()\\" else chr(code) for code in codes
	)


def list_rows(company_name: str, kind: str, document: dict[str, Any]) -> list[tuple[str, str]]:
	"""Return what is printed: text, and what stands at the right."""
	currency = document.get("CurrencyRef", {}).get("value", "")
	party = document.get("CustomerRef") or document.get("VendorRef") or {}
	rows = [
		(company_name, ""),
		(kind, document.get("DocNumber", "")),
		("Date", document.get("TxnDate", "")),
		("To", party.get("name", "")),
		("", ""),
	]
	for line in document.get("Line", []):
		if "Amount" in line and line.get("DetailType") != "SubTotalLineDetail":
			detail = line.get(line.get("DetailType", ""), {})
			name = line.get("Description") or detail.get("ItemRef", {}).get("name", "")
			rows.append((name.replace("\n", " ")[:80], f"{line['Amount']:.2f}"))
		elif "Description" in line:
			rows.append((line["Description"].replace("\n", " ")[:80], ""))
	tax = document.get("TxnTaxDetail", {}).get("TotalTax")
	if tax:
		rows.append(("Tax", f"{tax:.2f}"))
	rows.append(("Total", f"{currency} {document.get('TotalAmt', 0):.2f}".strip()))
	return rows


def build_pdf(company_name: str, kind: str, document: dict[str, Any]) -> str:
	"""Return the PDF of a transaction's document as ASCII text."""
	rows = list_rows(company_name, kind, document)
	pages = [rows[start : start + LINES_ON_A_PAGE] for start in range(0, len(rows), LINES_ON_A_PAGE)]
	numbers = [4 + 2 * index for index in range(len(pages))]
	objects = [
		"<< /Type /Catalog /Pages 2 0 R >>",
		f"<< /Type /Pages /Kids [{' '.join(f'{number} 0 R' for number in numbers)}] /Count {len(pages)} >>",
		"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
	]
	for number, page in zip(numbers, pages, strict=True):
		objects.append(
			f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {PAGE_WIDTH} {PAGE_HEIGHT}] "
			f"/Resources << /Font << /F1 3 0 R >> >> /Contents {number + 1} 0 R >>"
		)
		stream = draw_page(page)
		objects.append(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream")
	return join_objects(objects)


def draw_page(page: list[tuple[str, str]]) -> str:
	drawn = []
	for index, (left, right) in enumerate(page):
		height = PAGE_HEIGHT - MARGIN - LEADING * (index + 1)
		drawn.append(f"BT /F1 10 Tf {MARGIN} {height} Td ({escape(left)}) Tj ET")
		if right:
			drawn.append(f"BT /F1 10 Tf {PAGE_WIDTH - 2 * MARGIN} {height} Td ({escape(right)}) Tj ET")
	return "\n".join(drawn)


def join_objects(objects: list[str]) -> str:
	"""Return the file: header, numbered objects, cross-reference table and trailer."""
	text = "%PDF-1.4\n"
	offsets = []
	for number, content in enumerate(objects, start=1):
		offsets.append(len(text))
		text += f"{number} 0 obj\n{content}\nendobj\n"
	start = len(text)
	table = "".join(f"{offset:010d} 00000 n \n" for offset in offsets)
	size = len(objects) + 1
	return (
		f"{text}xref\n0 {size}\n0000000000 65535 f \n{table}"
		f"trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n"
	)
