"""Account types: their classification, and the subtypes that belong to each (the first is the default)."""

from __future__ import annotations

ACCOUNT_TYPES = {
	"Bank": ("Asset", "Checking CashOnHand MoneyMarket RentsHeldInTrust Savings TrustAccounts CashAndCashEquivalents OtherEarMarkedBankAccounts"),
	"Accounts Receivable": ("Asset", "AccountsReceivable"),
	"Other Current Asset": (
		"Asset",
		"OtherCurrentAssets AllowanceForBadDebts DevelopmentCosts EmployeeCashAdvances Inventory Investment_MortgageRealEstateLoans"
		" Investment_Other Investment_TaxExemptSecurities Investment_USGovernmentObligations LoansToOfficers LoansToOthers"
		" LoansToStockholders PrepaidExpenses Retainage UndepositedFunds GlobalTaxRefund GlobalTaxDeferred ProvisionsCurrentAssets",
	),
	"Fixed Asset": (
		"Asset",
		"OtherFixedAssets AccumulatedAmortization AccumulatedDepletion AccumulatedDepreciation Buildings DepletableAssets FixedAssetComputers"
		" FixedAssetCopiers FixedAssetFurniture FixedAssetPhone FixedAssetPhotoVideo FixedAssetSoftware FixedAssetOtherToolsEquipment"
		" FurnitureAndFixtures IntangibleAssets Land LeaseholdImprovements MachineryAndEquipment Vehicles",
	),
	"Other Asset": (
		"Asset", "OtherLongTermAssets AccumulatedAmortizationOfOtherAssets Goodwill LeaseBuyout Licenses OrganizationalCosts SecurityDeposits",
	),
	"Accounts Payable": ("Liability", "AccountsPayable"),
	"Credit Card": ("Liability", "CreditCard"),
	"Other Current Liability": (
		"Liability",
		"OtherCurrentLiabilities DeferredRevenue DirectDepositPayable FederalIncomeTaxPayable GlobalTaxPayable GlobalTaxSuspense"
		" InsurancePayable LineOfCredit LoanPayable PayrollClearing PayrollTaxPayable PrepaidExpensesPayable RentsInTrustLiability"
		" SalesTaxPayable StateLocalIncomeTaxPayable TrustAccountsLiabilities UndistributedTips",
	),
	"Long Term Liability": ("Liability", "OtherLongTermLiabilities NotesPayable ShareholderNotesPayable"),
	"Equity": (
		"Equity",
		"OwnersEquity AccumulatedAdjustment CommonStock EstimatedTaxes Healthcare OpeningBalanceEquity PaidInCapitalOrSurplus"
		" PartnerContributions PartnerDistributions PartnersEquity PersonalExpense PersonalIncome PreferredStock RetainedEarnings"
		" TreasuryStock ShareCapital",
	),
	"Income": (
		"Revenue",
		"ServiceFeeIncome DiscountsRefundsGiven NonProfitIncome OtherPrimaryIncome SalesOfProductIncome UnappliedCashPaymentIncome",
	),
	"Other Income": (
		"Revenue",
		"OtherMiscellaneousIncome DividendIncome InterestEarned OtherInvestmentIncome TaxExemptInterest UnrealisedLossOnSecuritiesNetOfTax",
	),
	"Cost of Goods Sold": (
		"Expense",
		"SuppliesMaterialsCogs CostOfLaborCos EquipmentRentalCos OtherCostsOfServiceCos ShippingFreightDeliveryCos",
	),
	"Expense": (
		"Expense",
		"OtherMiscellaneousServiceCost AdvertisingPromotional Auto BadDebts BankCharges CharitableContributions"
		" CommissionsAndFees CostOfLabor DuesSubscriptions Entertainment EntertainmentMeals EquipmentRental FinanceCosts GlobalTaxExpense"
		" Insurance InterestPaid LegalProfessionalFees OfficeGeneralAdministrativeExpenses OtherBusinessExpenses"
		" PayrollExpenses PromotionalMeals RentOrLeaseOfBuildings RepairMaintenance ShippingFreightDelivery SuppliesMaterials TaxesPaid"
		" Travel TravelMeals UnappliedCashBillPaymentExpense Utilities",
	),
	"Other Expense": (
		"Expense",
		"OtherMiscellaneousExpense Amortization Depreciation ExchangeGainOrLoss GasAndFuel HomeOffice OtherHomeOfficeExpenses"
		" PenaltiesSettlements TaxRoundoffGainOrLoss Vehicle",
	),
}  # fmt: skip
"""Classification and subtypes by AccountType, from Intuit's list."""
SUBTYPES = {kind: tuple(names.split()) for kind, (_classification, names) in ACCOUNT_TYPES.items()}
TYPE_OF_SUBTYPE = {subtype: kind for kind, names in SUBTYPES.items() for subtype in names}
CREDIT_SIDE = ("Liability", "Equity", "Revenue")
"""Classifications whose balance shows the credit side as positive."""


def get_classification(kind: str) -> str:
	return ACCOUNT_TYPES[kind][0]
