"""The query language: a statement is read by ``parser`` and run by ``runner``."""
