"""Corpora: folders of JSONL and Parquet, cleaned by all cores of a machine or by a Ray cluster, and gone on with after a stop."""

from __future__ import annotations

from cleaner.corpus.run import clean_files
from cleaner.corpus.tally import Summary

__all__ = ["Summary", "clean_files"]
