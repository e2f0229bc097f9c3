"""Run a program with its output in a log file, and fail with a sentence."""

import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from host.steps import StepFailed


def run(
	command: Sequence[str | Path],
	log: Path,
	advice: str = "",
	cwd: Path | None = None,
	env: Mapping[str, str] | None = None,
) -> None:
	"""Run `command`, appending what it prints to `log`. Raises StepFailed when it ends with another code than 0."""
	words = [str(word) for word in command]
	log.parent.mkdir(parents=True, exist_ok=True)
	with log.open("ab") as out:
		out.write(f"$ {' '.join(words)}\n".encode())
		out.flush()
		try:
			done = subprocess.run(
				words, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT, cwd=cwd, env=env
			)
		except FileNotFoundError as error:
			raise StepFailed(f"The program {words[0]} is not installed.", log, advice) from error
	if done.returncode:
		raise StepFailed(f"{Path(words[0]).name} ended with code {done.returncode}.", log, advice)


def read_output(command: Sequence[str | Path], timeout: float | None = None) -> str | None:
	"""Return what `command` prints, stripped; None when it is missing, fails, or takes longer than `timeout` seconds."""
	try:
		done = subprocess.run(
			[str(word) for word in command],
			stdin=subprocess.DEVNULL,
			capture_output=True,
			text=True,
			timeout=timeout,
		)
	except (FileNotFoundError, subprocess.TimeoutExpired):
		return None
	return done.stdout.strip() if done.returncode == 0 else None
