"""The machine that is measured on, and which of its cores a process runs on."""

import os
import platform
from pathlib import Path
from typing import Any


def describe_machine() -> dict[str, Any]:
	return {
		"machine": f"{platform.system()} {platform.machine()}, {read_processor()}",
		"cores": os.cpu_count(),
		"python": platform.python_version(),
	}


def read_processor() -> str:
	"""Return the processor's name where the system tells it."""
	try:
		with open("/proc/cpuinfo", encoding="utf-8") as lines:
			return next(line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
	except (OSError, StopIteration):
		return platform.processor() or "unknown processor"


def describe_load() -> str:
	"""Return the load averages over 1, 5 and 15 minutes: who else was at work while we measured."""
	return " ".join(f"{value:.2f}" for value in os.getloadavg())


def choose_cores() -> tuple[int | None, int | None]:
	"""Return a core for what is measured and another for its clients; None where processes cannot be bound to one."""
	if not hasattr(os, "sched_getaffinity"):
		return None, None
	cores = sorted(os.sched_getaffinity(0))
	return cores[0], cores[-1]


def bind(process: int, core: int | None) -> None:
	"""Keep a process (0: this one) on one core, with the threads it will start."""
	if core is not None:
		os.sched_setaffinity(process, {core})


def read_cpu_seconds(process: int) -> float | None:
	"""Return the seconds a process has been at work, which other programs do not add to; None where nothing tells it."""
	try:
		words = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
	except OSError:
		return None
	return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")
