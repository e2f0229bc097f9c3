"""Waiting for what happens in another process, by asking again and again."""

import time


def wait_for(condition, seconds: float = 5.0):
	"""Return the first true value of ``condition`` within some seconds; fails when it does not come."""
	end = time.monotonic() + seconds
	while time.monotonic() < end:
		value = condition()
		if value:
			return value
		time.sleep(0.01)
	raise AssertionError("it did not happen in time")
