"""Fills a company of the emulator with invoices, through the operations that a request would go through."""

import json
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

from benchmarks.records import build_invoice, list_records
from qbo_emulator import operations
from qbo_emulator.company import Company
from qbo_emulator.company_file import read_company_file
from qbo_emulator.emulator import Emulator
from qbo_emulator.entities import ENTITIES
from qbo_emulator.wire import read_object

AT_ONCE = 1000
"""Records written in one transaction of the file."""


def fill(state: Path, transactions: int) -> int:
	"""Make a file that holds this many invoices; returns how many were made."""
	emulator = Emulator(str(state))
	try:
		company = emulator.add_company(read_company_file("us_wholesaler"))
		invoices = (("Invoice", build_invoice(number, transactions)) for number in range(transactions))
		write(emulator, company, chain(list_records(), invoices))
		emulator.store.execute("ANALYZE")
	finally:
		emulator.close()
	return transactions


def write(emulator: Emulator, company: Company, records: Iterator[tuple[str, dict[str, Any]]]) -> None:
	"""Write the records, many in one transaction of the file."""
	left = True
	while left:
		left = False
		with emulator.store.transaction():
			for count, (name, body) in enumerate(records, 1):
				work = emulator.start_work(company)
				operations.write(work, ENTITIES[name], read_object(json.dumps(body).encode()))
				if count == AT_ONCE:
					left = True
					break
