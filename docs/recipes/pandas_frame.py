"""Clean a column of a pandas data frame: ``python pandas_frame.py IN.parquet OUT.parquet REMOVED.csv``."""

import sys

import pandas

import cleaner


def main(source: str, out: str, removed: str) -> None:
    """Write the frame with clean texts, and the lines that were removed."""
    frame = pandas.read_parquet(source)
    lines = pandas.DataFrame(cleaner.explain_many(frame["text"], ids=frame["id"]))
    lines.to_csv(removed, index=False)
    frame["text"] = cleaner.clean_many(frame["text"])
    frame.to_parquet(out)


if __name__ == "__main__":
    main(*sys.argv[1:])
