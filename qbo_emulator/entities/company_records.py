"""CompanyInfo and Preferences: one record each, with Id 1."""

from __future__ import annotations

from typing import Any

from qbo_emulator.entities.base import Entity, in_body
from qbo_emulator.faults import Fault
from qbo_emulator.fields import COMMON, Day, Flag, ReadOnly, Struct
from qbo_emulator.work import Work


class CompanyInfo(Entity):
	name = sequence = "CompanyInfo"
	columns = {"CompanyName": in_body("CompanyName"), "Country": in_body("Country")}


class Preferences(Entity):
	"""A small subset can be written, as with the service; the rest is set in the company's own settings."""

	name = sequence = "Preferences"
	operations = frozenset({"read", "query", "update"})
	schema = Struct(
		**COMMON,
		AccountingInfoPrefs=Struct(
			BookCloseDate=Day(),
			TrackDepartments=Flag(),
			ClassTrackingPerTxn=Flag(),
			ClassTrackingPerTxnLine=Flag(),
			UseAccountNumbers=Flag(),
			**dict.fromkeys(
				("CustomerTerminology", "DepartmentTerminology", "FirstMonthOfFiscalYear", "TaxYearMonth", "TaxForm"),
				ReadOnly(),
			),
		),
		SalesFormsPrefs=Struct(
			AllowDiscount=Flag(), AllowShipping=Flag(), AllowDeposit=Flag(), AllowEstimates=Flag(),
			CustomTxnNumbers=Flag(), AutoApplyPayments=Flag(), AutoApplyCredit=Flag(),
			**dict.fromkeys(
				(
					"AllowServiceDate", "CustomField", "DefaultTerms", "DefaultDiscountAccount", "DefaultShippingAccount",
					"DefaultCustomerMessage", "EmailCopyToCompany", "IPNSupportEnabled", "UsingPriceLevels",
					"UsingProgressInvoicing", "ETransactionEnabledStatus", "ETransactionAttachPDF",
					"ETransactionPaymentEnabled", "SalesEmailCc", "SalesEmailBcc", "EstimateMessage",
				),
				ReadOnly(),
			),
		),
		**dict.fromkeys(
			(
				"ProductAndServicesPrefs", "EmailMessagesPrefs", "VendorAndPurchasesPrefs", "TimeTrackingPrefs",
				"TaxPrefs", "CurrencyPrefs", "ReportPrefs", "OtherPrefs",
			),
			ReadOnly(),
		),
	)  # fmt: skip

	def prepare(self, work: Work, sent: dict[str, Any], previous: dict[str, Any] | None) -> dict[str, Any]:
		if previous is None:
			raise Fault("500", "Operation create is not supported.", "Operation")
		document = {**previous}
		for group in ("AccountingInfoPrefs", "SalesFormsPrefs"):
			document[group] = {**previous.get(group, {}), **sent.get(group, {})}
		return document
