"""All Orders for QuickBooks: orders and inventory in Frappe, accounting in QuickBooks Online."""

__version__ = "0.1.0"
