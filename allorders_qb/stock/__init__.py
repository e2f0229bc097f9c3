"""What is where: the stock ledger and its balances.

`movements` and `valuation` are pure. `ledger` takes the movements of a document into AO Stock Ledger Entry and AO Stock
Balance, `layers` keeps what each receipt still holds (AO Stock Layer, AO Item Stock), in the document's transaction.
`recosting` tells an item's history anew in the background. `policy` decides what a balance below zero means. `quantities_shown` reads.
"""
