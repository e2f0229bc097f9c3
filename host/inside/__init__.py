"""What the built environment's Python runs, beside Frappe. Nothing outside this folder imports it."""
