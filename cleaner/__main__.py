"""``python -m cleaner`` is the command ``cleaner``."""

from __future__ import annotations

from cleaner.cli.main import run

run()
