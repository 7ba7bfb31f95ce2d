"""``python -m cleaner`` is the command ``cleaner``."""

from cleaner.cli import run

if __name__ == "__main__":
    run()
