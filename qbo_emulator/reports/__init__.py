"""Reports in the service's shape. Shapes and parameters: Intuit's "Report Service" pages, one for each report."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from qbo_emulator.faults import Fault
from qbo_emulator.reports.aging import build_aged_payables, build_aged_receivables
from qbo_emulator.reports.general_ledger import build_general_ledger
from qbo_emulator.reports.inventory import build_inventory_valuation
from qbo_emulator.reports.parties import build_customer_balance, build_vendor_balance
from qbo_emulator.reports.period import Query
from qbo_emulator.reports.statements import build_balance_sheet, build_profit_and_loss
from qbo_emulator.reports.transactions import (
	build_customer_balance_detail,
	build_transaction_list,
	build_vendor_balance_detail,
)
from qbo_emulator.reports.trial_balance import build_trial_balance
from qbo_emulator.work import Work

REPORTS: dict[str, Callable[[Query], dict[str, Any]]] = {
	"TrialBalance": build_trial_balance,
	"ProfitAndLoss": build_profit_and_loss,
	"BalanceSheet": build_balance_sheet,
	"GeneralLedger": build_general_ledger,
	"InventoryValuationSummary": build_inventory_valuation,
	"CustomerBalance": build_customer_balance,
	"CustomerBalanceDetail": build_customer_balance_detail,
	"VendorBalance": build_vendor_balance,
	"VendorBalanceDetail": build_vendor_balance_detail,
	"AgedReceivables": build_aged_receivables,
	"AgedPayables": build_aged_payables,
	"TransactionList": build_transaction_list,
}
BY_LOWER_NAME = {name.lower(): (name, builder) for name, builder in REPORTS.items()}


def build_report(work: Work, name: str, parameters: dict[str, str]) -> dict[str, Any]:
	"""Return a report by its name. Raises 2000 for one that is not emulated, 2060 or 2110 for a bad parameter."""
	if name.lower() not in BY_LOWER_NAME:
		raise Fault("2000", f"Report {name[:60]} is not emulated", "Report")
	known, builder = BY_LOWER_NAME[name.lower()]
	return builder(Query(work, known, parameters))
