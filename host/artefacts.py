"""Built things in the cache: each in a folder named by what it was built from, built once, under a lock."""

import fcntl
import hashlib
import json
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from host.paths import get_cache

MARK = ".complete"


def make_key(*parts: object) -> str:
	"""Return a short name for the given parts; equal parts give equal names."""
	text = json.dumps(parts, sort_keys=True, default=str)
	return hashlib.sha256(text.encode()).hexdigest()[:16]


def hash_files(files: Iterable[Path], root: Path) -> str:
	"""Return one digest over the contents of `files` and their names below `root`."""
	digest = hashlib.sha256()
	for file in sorted(files):
		digest.update(str(file.relative_to(root)).encode() + b"\0" + file.read_bytes() + b"\0")
	return digest.hexdigest()[:16]


def get_artefact(kind: str, key: str) -> Path:
	"""Return the folder of an artefact, whether or not it has been built."""
	return get_cache() / kind / key


def is_complete(folder: Path) -> bool:
	return (folder / MARK).exists()


def ensure_artefact(kind: str, key: str, build: Callable[[Path], None]) -> Path:
	"""Return the artefact's folder, building it first when it is missing or was left half done."""
	folder = get_artefact(kind, key)
	if is_complete(folder):
		return folder
	with hold_lock(f"{kind}-{key}"):
		if not is_complete(folder):
			shutil.rmtree(folder, ignore_errors=True)
			folder.mkdir(parents=True)
			build(folder)
			(folder / MARK).touch()
	return folder


@contextmanager
def hold_lock(name: str) -> Iterator[None]:
	"""Hold an exclusive lock of this cache; a second process waits for it."""
	folder = get_cache() / "locks"
	folder.mkdir(parents=True, exist_ok=True)
	with (folder / f"{name}.lock").open("w") as lock:
		fcntl.flock(lock, fcntl.LOCK_EX)
		yield
