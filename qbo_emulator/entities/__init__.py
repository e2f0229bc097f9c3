"""All entities by name, and the names of those that are known but not emulated yet."""

from __future__ import annotations

from qbo_emulator.entities.base import ENTITIES, Entity
from qbo_emulator.entities.cash_sales import RefundReceipt, SalesReceipt
from qbo_emulator.entities.company_records import CompanyInfo, Preferences
from qbo_emulator.entities.credit_memo import CreditMemo
from qbo_emulator.entities.deposit import Deposit
from qbo_emulator.entities.estimate import Estimate
from qbo_emulator.entities.invoice import Invoice
from qbo_emulator.entities.item import Item
from qbo_emulator.entities.lists import Account, Department, PaymentMethod, Term, TrackingClass
from qbo_emulator.entities.payment import Payment
from qbo_emulator.entities.people import Customer, Employee, Vendor
from qbo_emulator.entities.tax import TaxCode, TaxRate

ENTITIES.update({
	entity.name: entity
	for entity in (
		Account(), TrackingClass(), CompanyInfo(), Customer(), Department(), Employee(), Invoice(), Item(), PaymentMethod(),
		Preferences(), TaxCode(), TaxRate(), Term(), Vendor(),
		CreditMemo(), Deposit(), Estimate(), Payment(), RefundReceipt(), SalesReceipt(),
	)
})  # fmt: skip
BY_SEGMENT: dict[str, Entity] = {name.lower(): entity for name, entity in ENTITIES.items()}
"""Entities by the lower-case segment of their address."""
NOT_EMULATED = frozenset(
	name.lower()
	for name in (
		"Attachable", "Bill", "BillPayment", "Budget", "CompanyCurrency", "CustomerType",
		"ExchangeRate", "InventoryAdjustment", "JournalCode", "JournalEntry",
		"Purchase", "PurchaseOrder", "RecurringTransaction", "TaxAgency",
		"TaxService", "TimeActivity", "Transfer", "VendorCredit",
	)
)  # fmt: skip
"""QuickBooks has them, this emulator does not yet: they answer with a sentence that says so."""
