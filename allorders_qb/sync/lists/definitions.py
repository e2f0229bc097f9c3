"""The lists that both sides keep, and what of their records is kept alike. Data only."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from allorders_qb.mapping import customer, item, vendor
from allorders_qb.mapping.company import CompanyProfile
from allorders_qb.mapping.neutral import ListField

BOTH_WAYS = "Both Ways"
TO_QUICKBOOKS = "To QuickBooks"
FROM_QUICKBOOKS = "From QuickBooks"
NO_WAY = "None"


@dataclass(frozen=True)
class ListDefinition:
	"""One list: our DocType, QuickBooks' entity, the fields that are kept alike, and how a remote object is read."""

	doctype: str
	entity: str
	fields: tuple[ListField, ...]
	read_back: Callable[[Mapping[str, Any], CompanyProfile], dict[str, str]]
	references: Mapping[str, str]
	"""Our field -> the DocType that it refers to."""
	direction: str = BOTH_WAYS
	"""As All Orders has it; QuickBooks Settings may say otherwise."""

	@property
	def name_field(self) -> str:
		"""Our field that names a record, which is always the first."""
		return self.fields[0].fieldname

	def get_field(self, fieldname: str) -> ListField:
		"""The field of that name; KeyError if the list has none."""
		for field in self.fields:
			if field.fieldname == fieldname:
				return field
		raise KeyError(f"{self.doctype} has no field {fieldname}")


LISTS: dict[str, ListDefinition] = {
	definition.doctype: definition
	for definition in (
		ListDefinition(
			"AO Customer",
			"Customer",
			customer.FIELDS,
			customer.read_customer,
			{
				"parent_customer": "AO Customer",
				"customer_type": "QuickBooks Customer Type",
				"terms": "QuickBooks Term",
				"tax_code": "QuickBooks Tax Code",
			},
		),
		ListDefinition(
			"AO Vendor", "Vendor", vendor.FIELDS, vendor.read_vendor, {"terms": "QuickBooks Term"}
		),
		ListDefinition(
			"AO Item",
			"Item",
			item.FIELDS,
			item.read_item,
			{
				"tax_code": "QuickBooks Tax Code",
				"income_account": "QuickBooks Account",
				"expense_account": "QuickBooks Account",
			},
		),
	)
}

BY_ENTITY: dict[str, ListDefinition] = {definition.entity: definition for definition in LISTS.values()}
