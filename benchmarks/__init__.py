"""Measurements, one module each: `bin/bench NAME`. How to add one stands in cli.py."""
