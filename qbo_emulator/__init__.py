"""A QuickBooks Online company on one's own machine: the v3 REST API, OAuth 2, faults, limits and books of it."""

VERSION = "0.1.0"
