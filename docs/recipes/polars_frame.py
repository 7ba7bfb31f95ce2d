"""Clean a column of a polars data frame: ``python polars_frame.py IN.parquet OUT.parquet REMOVED.csv``."""

import sys

import polars

import cleaner


def main(source: str, out: str, removed: str) -> None:
    """Write the frame with clean texts, and the lines that were removed."""
    frame = polars.read_parquet(source)
    polars.DataFrame(cleaner.explain_many(frame["text"], ids=frame["id"])).write_csv(removed)
    clean = polars.Series("text", cleaner.clean_many(frame["text"]))
    frame.with_columns(clean).write_parquet(out)


if __name__ == "__main__":
    main(*sys.argv[1:])
