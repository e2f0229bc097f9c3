"""What orders need and have: the rules that sales orders and ship docs share.

`arithmetic` is pure (Decimals in, Decimals out). `entry` prepares what a person typed: defaults, checks, totals.
`shipping` connects ship docs to their orders and is the only writer of shipped quantities and of an order's
status. `ship_doc_maker` builds the ship doc of what an order still needs. Nothing here knows QuickBooks.
"""
