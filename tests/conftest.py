"""The option ``--all``, paths, and fixtures for all tests."""

from __future__ import annotations

import contextlib
import io
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from hypothesis import settings

from cleaner.cli.main import main
from cleaner.rules.loading import builtin_rules
from tests.browser import running_browser
from tests.effort import register_profiles

ROOT = Path(__file__).resolve().parent.parent
Run = Callable[..., subprocess.CompletedProcess[bytes]]


# Ray ends its idle processes after a second. Starting others takes several times as long as all that tests ask of them.
PATIENT_RAY = {"RAY_idle_worker_killing_time_threshold_ms": "600000", "RAY_num_workers_soft_limit": "8"}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--all",
        action="store_true",
        help="run the tests that take long, too, and try many more examples of each property",
    )


def pytest_configure(config: pytest.Config) -> None:
    register_profiles()
    settings.load_profile("all" if config.getoption("all") else "quick")
    # Ctrl-C must interrupt the commands that tests start, even if the tests run in the background, and commands must buffer their
    # output as they do for users.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.environ.pop("PYTHONUNBUFFERED", None)
    if hasattr(config, "workerinput"):
        return  # a process that was started below, with its environment
    cache = getattr(config, "cache", None)  # missing if the plugin is switched off
    os.environ.update(PATIENT_RAY)
    # Stores of the tests' own rules do not belong in the user's cache; that of the built-in rules is kept for the next run.
    os.environ["XDG_CACHE_HOME"] = str(cache.mkdir("rules")) if cache else tempfile.mkdtemp()
    if config.getoption("numprocesses", None):
        builtin_rules()  # or each process would read them from source


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    # Tests on Ray come first and follow each other, so a process starts only one Ray. Files with other long tests come next, so
    # that no process is left alone with one of them at the end.
    long = {item.path for item in items if item.get_closest_marker("all")}
    items.sort(key=lambda item: (not needs_ray(item), item.path not in long))
    if config.getoption("all"):
        return
    config.hook.pytest_deselected(items=[item for item in items if item.get_closest_marker("all")])
    items[:] = [item for item in items if not item.get_closest_marker("all")]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if not config.getoption("all"):
        terminalreporter.write_line("Tests that take long were left out; run them with: pytest --all")


loaded_once = cache(builtin_rules)


@pytest.fixture
def run_process(tmp_path: Path) -> Run:
    """Return a function that runs the real command in an empty folder, with bytes as input and output."""

    def run_command(*arguments: str, stdin: bytes = b"", cwd: Path | None = None) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            [sys.executable, "-m", "cleaner", *arguments],
            input=stdin,
            capture_output=True,
            cwd=cwd or tmp_path,
            env={
                "PYTHONPATH": str(ROOT),
                "PATH": "/usr/bin:/bin",
                "LC_ALL": "C",
                "XDG_CACHE_HOME": os.environ["XDG_CACHE_HOME"],
                # Colours are the business of single tests; coverage measures the processes of tests, too.
                **{
                    name: value
                    for name, value in os.environ.items()
                    if name in ("FORCE_COLOR", "NO_COLOR", *PATIENT_RAY) or name.startswith("COVERAGE_")
                },
            },
            check=False,
        )

    return run_command


@pytest.fixture
def run(tmp_path: Path, request: pytest.FixtureRequest) -> Run:
    """Return a function that runs the command: in this process, or, with ``--all``, the real one."""
    if request.config.getoption("all"):
        real: Run = request.getfixturevalue("run_process")
        return real

    def call(*arguments: str, stdin: bytes = b"", cwd: Path | None = None) -> subprocess.CompletedProcess[bytes]:
        out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8", "backslashreplace", write_through=True) for _ in range(2))
        streams: dict[str, Any] = {"stdin": io.TextIOWrapper(io.BytesIO(stdin)), "stdout": out, "stderr": err}
        once = mock.patch("cleaner.rules.loading.builtin_rules", loaded_once)
        with once, contextlib.chdir(cwd or tmp_path), mock.patch.multiple(sys, **streams):
            try:
                status: Any = main(arguments)
            except SystemExit as leaving:
                status = leaving.code
        return subprocess.CompletedProcess(arguments, status, *(stream.buffer.getvalue() for stream in (out, err)))

    return call


@pytest.fixture(scope="module")
def browser() -> Iterator[None]:
    """Chromium, in which ``opened`` opens files."""
    with running_browser():
        yield


def needs_ray(item: pytest.Item | None) -> bool:
    """Tell whether a test uses Ray in this process."""
    return isinstance(item, pytest.Function) and "cluster" in item.fixturenames


@pytest.fixture
def cluster() -> None:
    """A local Ray cluster with two workers, which consecutive tests share."""
    ray = pytest.importorskip("ray", reason="needs Ray: pip install -e '.[test,ray]'")
    if not ray.is_initialized():
        ray.init(
            num_cpus=2,
            include_dashboard=False,
            log_to_driver=False,
            object_store_memory=150 << 20,
            runtime_env={"env_vars": {"PYTHONPATH": str(ROOT)}},
        )


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> None:
    if needs_ray(item) and not needs_ray(nextitem) and "ray" in sys.modules:
        sys.modules["ray"].shutdown()
