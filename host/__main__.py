"""Starts the command line of `host.cli`."""

import sys

from host.launch import use_fitting_python

if __name__ == "__main__":
	use_fitting_python(["-m", "host", *sys.argv[1:]])

	from host.cli import main

	sys.exit(main(sys.argv[1:]))
