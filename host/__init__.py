"""A complete Frappe site on a bare machine, for the demo, the tests and continuous integration.

Runs before any environment exists, so it imports the standard library alone. The few files under `inside/` are
the exception: they are run by the built environment's Python, never imported from here.
Production needs none of this: there, `bench get-app` and `bench install-app` are the way.
"""
