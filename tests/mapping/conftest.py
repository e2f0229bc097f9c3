"""What the mapping tests share: a wholesaler of provisions, its customers, and its QuickBooks company."""

from __future__ import annotations

import sys
from pathlib import Path

from hypothesis import settings

# Test folders are no packages, so a helper beside the tests is found by its folder.
sys.path.insert(0, str(Path(__file__).parent))

# A busy machine is no failure.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")
