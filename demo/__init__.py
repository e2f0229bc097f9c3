"""The story of a wholesaler, played on a real site: its company is entered, its goods leave, its invoices are in QuickBooks.

`story` reads the story and knows what its invoices must come to; `loading` enters it through the documents; `consent`
connects QuickBooks as a browser would; `posting` waits for the worker; `books` asks QuickBooks; `report` prints.
"""
