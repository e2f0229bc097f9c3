"""What is where: the stock ledger and its balances.

`movements` is pure. `ledger` is the only writer of AO Stock Ledger Entry and AO Stock Balance: documents hand it
movements, it adds rows and moves balances in the same database transaction. `policy` decides what a balance below
zero means. `levels` reads. Valuation will be computed from the ledger's rows and needs no second writer.
"""
