"""Build hook: put the compiled form of the rules, and the index of each preset, beside the code, in wheels and in editable installs."""

from __future__ import annotations

import compileall
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


# Whether hatchling types its base class, and as a generic one, depends on its version.
class CompileRules(BuildHookInterface):  # type: ignore[type-arg, misc, unused-ignore]
    """Reads every rule strictly, so that a wheel with a broken rule cannot be built."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        sys.path.insert(0, self.root)
        try:
            from cleaner.cleaning import PRESETS, Cleaner
            from cleaner.rules.loading import compile_rules

            compile_rules()
            for preset in PRESETS:
                Cleaner(preset)  # writes its index where there is no fresh one
        finally:
            sys.path.remove(self.root)
        # Editable installs leave byte code to the first run, and an environment may forbid that; it is no part of a wheel.
        compileall.compile_dir(Path(self.root, "cleaner"), quiet=2)
        build_data["artifacts"].append("/cleaner/compiled_*.bin")
