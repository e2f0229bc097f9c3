"""All entities by name, and the names of those that are known but not emulated yet."""

from __future__ import annotations

from qbo_emulator.entities.accounts import Account
from qbo_emulator.entities.attachable import Attachable
from qbo_emulator.entities.base import ENTITIES, Entity
from qbo_emulator.entities.bill import Bill, VendorCredit
from qbo_emulator.entities.bill_payment import BillPayment
from qbo_emulator.entities.cash_sales import RefundReceipt, SalesReceipt
from qbo_emulator.entities.company_lists import Budget, CompanyCurrency, CustomerType
from qbo_emulator.entities.company_records import CompanyInfo, Preferences
from qbo_emulator.entities.credit_card_payment import CreditCardPayment
from qbo_emulator.entities.credit_memo import CreditMemo
from qbo_emulator.entities.deposit import Deposit
from qbo_emulator.entities.estimate import Estimate
from qbo_emulator.entities.exchange_rates import ExchangeRate
from qbo_emulator.entities.inventory_adjustment import InventoryAdjustment
from qbo_emulator.entities.invoice import Invoice
from qbo_emulator.entities.item import Item
from qbo_emulator.entities.journal_entry import JournalEntry
from qbo_emulator.entities.lists import Department, PaymentMethod, Term, TrackingClass
from qbo_emulator.entities.payment import Payment
from qbo_emulator.entities.people import Customer, Employee, Vendor
from qbo_emulator.entities.purchase import Purchase
from qbo_emulator.entities.purchase_order import PurchaseOrder
from qbo_emulator.entities.recurring import RecurringTransaction
from qbo_emulator.entities.tax import TaxAgency, TaxCode, TaxRate
from qbo_emulator.entities.time_activity import TimeActivity
from qbo_emulator.entities.transfer import Transfer

ENTITIES.update({
	entity.name: entity
	for entity in (
		Account(), TrackingClass(), CompanyInfo(), Customer(), Department(), Employee(), Invoice(), Item(), PaymentMethod(),
		Preferences(), TaxCode(), TaxRate(), Term(), Vendor(),
		CreditMemo(), Deposit(), Estimate(), Payment(), RefundReceipt(), SalesReceipt(),
		Attachable(), Budget(), CompanyCurrency(), CustomerType(), ExchangeRate(), RecurringTransaction(), TaxAgency(), TimeActivity(),
		Bill(), BillPayment(), CreditCardPayment(), InventoryAdjustment(), JournalEntry(), Purchase(), PurchaseOrder(), Transfer(), VendorCredit(),
	)
})  # fmt: skip
ALIASES = {"creditcardpayment": "CreditCardPaymentTxn"}
"""Addresses that are not called as the record is."""
BY_SEGMENT: dict[str, Entity] = {
	**{name.lower(): entity for name, entity in ENTITIES.items()},
	**{segment: ENTITIES[name] for segment, name in ALIASES.items()},
}
"""Entities by the lower-case segment of their address."""
NOT_EMULATED = frozenset(
	name.lower()
	for name in (
		"JournalCode", "ReimburseCharge", "Entitlements", "TaxPayment", "TaxReturn", "TaxClassification",
	)
)  # fmt: skip
"""QuickBooks has them, this emulator does not yet: they answer with a sentence that says so."""
