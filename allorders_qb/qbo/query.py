"""Statements in QuickBooks' query language, for the client and whoever drives it."""

from __future__ import annotations

from allorders_qb.statements import MAX_RESULTS, UnsafeValue, quote, word_condition, word_select

__all__ = ["MAX_RESULTS", "UnsafeValue", "quote", "word_condition", "word_select"]
