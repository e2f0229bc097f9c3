"""Receive now, bill later, where QuickBooks counts too: a receiver stands there as a provisional bill until it is billed.

``records`` knows what of a receiver has been billed, ``billing`` makes the vendor's bill of a provisional one, or has the
others give way first, ``taking_out`` takes billed goods out of a provisional bill. What leaves one bill is gone from it before
it comes onto another: between two requests goods may be missing, but never are there twice. ``accounting.md`` 6.
"""
