"""Run under a Python that Frappe 15 runs on: this one if it fits, else another that is installed.

Kept to what any Python 3 can read, since it is what finds a newer one.
"""

import os
import shutil
import sys

OLDEST = (3, 10)
NEWEST = (3, 11)
FITTING = ("python3.11", "python3.10")


def use_fitting_python(words):
	"""Go on if this is Python 3.10 or 3.11; else start one with `words`, which is this very command."""
	if OLDEST <= sys.version_info[:2] <= NEWEST:
		return
	for name in FITTING:
		found = shutil.which(name)
		if found:
			os.execv(found, [found, *words])
	version = ".".join(str(part) for part in sys.version_info[:3])
	sys.exit(
		"This is Python " + version + "; the site needs 3.10 or 3.11, and neither is installed as python3.1x."
	)
