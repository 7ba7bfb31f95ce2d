"""Build hooks: wheels carry the rules and the store that is made from them, and the README on PyPI leads to the repository."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from hatchling.metadata.plugin.interface import MetadataHookInterface

_MAKE_STORE = """
from cleaner.matching import store
from cleaner.rules.making import make_builtin
from cleaner.rules.ruleset import STORE, builtin_digest, rules_folder

digest = builtin_digest()
assert store.save(str(STORE), digest, make_builtin(rules_folder(), digest).parts), STORE
"""


_LINK = re.compile(r"\]\((?![a-z]+:|#)([^()\s]+)\)")


class LinksOfReadme(MetadataHookInterface):
    """Gives the README links that lead somewhere from elsewhere, too."""

    def update(self, metadata: dict[str, Any]) -> None:
        text = Path(self.root, "README.md").read_text(encoding="utf-8")
        absolute = _LINK.sub(rf"]({metadata['urls']['Source']}/blob/main/\1)", text)
        metadata["readme"] = {"content-type": "text/markdown", "text": absolute}


# Whether hatchling types its base class, and as a generic one, depends on its version.
class RulesInWheel(BuildHookInterface):  # type: ignore[type-arg, misc, unused-ignore]
    """Reads every rule strictly, so that a wheel with a broken rule cannot be built."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable":
            return  # The rules are read from the checkout, and kept in the user's cache.
        # The store is made where all lies as it will in the wheel. One seed for hashes makes it the same each time.
        self._aside = tempfile.TemporaryDirectory()
        package = Path(self._aside.name, "cleaner")
        shutil.copytree(Path(self.root, "cleaner"), package, ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copytree(Path(self.root, "rules"), package / "builtin_rules")
        environment = {**os.environ, "PYTHONHASHSEED": "0"}
        subprocess.run([sys.executable, "-c", _MAKE_STORE], cwd=package.parent, env=environment, check=True)
        for name in ("builtin_rules", "builtin_rules.pickle"):
            build_data["force_include"][str(package / name)] = f"cleaner/{name}"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        if version != "editable":
            self._aside.cleanup()
