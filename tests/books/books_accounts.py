"""What the shipped company calls its accounts."""

from books_events import HOME

RECEIVABLE, PAYABLE = "Accounts Receivable (A/R)", "Accounts Payable (A/P)"
SALES, SHIPPING = "Sales of Product Income", "Shipping Income"
INVENTORY, COST_OF_GOODS, OPENING = "Inventory Asset", "Cost of Goods Sold", "Opening Balance Equity"
SHRINKAGE, SCRAP, VARIANCE = "Inventory Shrinkage", "Scrap", "Purchase Variance"
CLEARING, NOT_BILLED = "Landed Cost Clearing", "Received Not Billed"
LABOUR, OVERHEAD = "Labor Applied", "Overhead Applied"
UNDEPOSITED, BANK = "Undeposited Funds", "Checking"
EXCHANGE = "Exchange Gain or Loss"
MANUFACTURING, DIFFERENCE = "Manufacturing Clearing", "Inventory Cost Difference"
EXPENSE = "Freight and Shipping Cost"
NET_INCOME = "Net Income"
"""No account: how the balance sheet calls what income and expenses of the year come to."""

ASSETS = (RECEIVABLE, INVENTORY, UNDEPOSITED, BANK, MANUFACTURING, DIFFERENCE)
CLAIMS = (PAYABLE, NOT_BILLED, CLEARING, OPENING)
"""Liabilities and equity. What is in neither is income or expense."""


def of_currency(account: str, currency: str) -> str:
	"""Return the receivable or payable of a currency: QuickBooks keeps one for each."""
	return account if currency == HOME else f"{account} - {currency}"


def is_asset(account: str) -> bool:
	return account.partition(" - ")[0] in ASSETS


def is_claim(account: str) -> bool:
	return account.partition(" - ")[0] in CLAIMS
