class MeasureFailed(Exception):
	"""A measurement that could not be taken; the message says why."""
