"""``python -m tests.held_learning``: the command, whose workers stay at their first site until they are stopped.

Each puts a file named by its process into the folder HELD, so a test knows when it is at work.
"""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any
from unittest import mock

from cleaner.cli.main import run
from tests.watched_processes import PATIENCE


def stay(*_: Any) -> None:
    Path(os.environ["HELD"], str(os.getpid())).touch()
    time.sleep(2 * PATIENCE)


if __name__ == "__main__":
    with mock.patch("cleaner.learning.run.learn_site", stay):
        run()
