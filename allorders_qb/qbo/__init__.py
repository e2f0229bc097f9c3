"""Speaks to QuickBooks Online. Knows nothing of Frappe and nothing of our documents."""
