"""A colour for each family."""

from __future__ import annotations

from collections.abc import Iterable

# Degrees of the colour wheel, in an order in which the first few are far from each other.
_HUES = (28, 255, 150, 310, 85, 200, 350, 125, 230, 55, 285, 175, 5, 105, 330, 70, 215, 270, 138, 40)


def hues(families: Iterable[str]) -> dict[str, int]:
    """Return a hue, in degrees, for each family; the first few are far from each other."""
    return {family: _HUES[place % len(_HUES)] for place, family in enumerate(dict.fromkeys(families))}
