"""Chance that can be repeated: waits by a distribution, and faults that come now and then. Seeded, per company."""

from __future__ import annotations

import asyncio
import math
from random import Random

FIXED, UNIFORM, NORMAL, LOGNORMAL = DISTRIBUTIONS = ("fixed", "uniform", "normal", "lognormal")


class Chances:
	def __init__(self, seed: int = 0) -> None:
		self.reseed(seed)

	def reseed(self, seed: int) -> None:
		"""Begin again: the same seed gives the same waits and faults for the same requests."""
		self._random = Random(seed)

	def happens(self, chance: float) -> bool:
		"""Return whether something of this probability (0 to 1) happens now."""
		return chance >= 1 or self._random.random() < chance

	def draw(self, distribution: str, mean: float, spread: float) -> float:
		"""Return a wait in milliseconds, never below 0.

		``spread`` is the distance to either end (uniform) or the standard deviation (normal, lognormal).
		"""
		if not mean and (distribution in (FIXED, LOGNORMAL) or not spread):
			return 0
		if distribution == UNIFORM:
			return max(0.0, self._random.uniform(mean - spread, mean + spread))
		if distribution == NORMAL:
			return max(0.0, self._random.gauss(mean, spread))
		if distribution == LOGNORMAL:
			variance = math.log(1 + (spread / mean) ** 2)
			return self._random.lognormvariate(math.log(mean) - variance / 2, math.sqrt(variance))
		return mean


async def wait(milliseconds: float) -> None:
	"""Hold a request; nothing at all for 0, so that an unheld request is not slowed."""
	if milliseconds:
		await asyncio.sleep(milliseconds / 1000)
