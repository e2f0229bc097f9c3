"""Payments and the invoices they settle: which are to be applied (`planning`), how (`applying`), and what is said about it."""
