"""How much a run tries: few examples of each property, or, with ``pytest --all``, many."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

# Of a thousand: CI has a quarter of an hour for everything.
_QUICK, _ALL, _THOUSAND = 20, 100, 1000


def register_profiles() -> None:
    """Register the two efforts with Hypothesis; ``settings.load_profile`` chooses one of them."""
    # Examples are slow and large because there are many rules.
    slow = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
    for name, examples in (("quick", _QUICK), ("all", _ALL)):
        settings.register_profile(name, max_examples=examples, deadline=None, suppress_health_check=slow)


def up_to(examples: int) -> settings:
    """Return settings for a tenth of ``examples`` with ``--all``, and for a fifth of that without."""
    chosen = settings.default
    assert chosen is not None
    return settings(max_examples=max(1, examples * chosen.max_examples // _THOUSAND))
