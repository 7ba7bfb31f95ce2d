"""The calendar by which learning recognizes dates: that of the built-in vocabulary."""

from __future__ import annotations

from functools import cache

from cleaner.kinds.frames import Calendar
from cleaner.kinds.site import calendar_of
from cleaner.rules.loading import builtin_rules


@cache
def calendar() -> Calendar:
    """Return the calendar, made once per process."""
    return calendar_of(builtin_rules().vocabulary)
