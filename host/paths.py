"""Where things lie: the repository, the cache of what was built, and the instances."""

import os
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
APP = "allorders_qb"
APP_FOLDER = REPOSITORY / APP
EMULATOR = "qbo_emulator"
EMULATOR_FOLDER = REPOSITORY / EMULATOR
SITE = "allorders.localhost"


def get_cache() -> Path:
	"""Return the folder that holds everything built and every instance; nothing is written outside it."""
	given = os.environ.get("ALLORDERS_CACHE")
	cache = Path(given).expanduser() if given else Path.home() / ".cache" / "allorders_qb"
	return cache.resolve()


def get_instance_folder(name: str) -> Path:
	"""Return the data folder of the instance called `name`."""
	return get_cache() / "instances" / name
