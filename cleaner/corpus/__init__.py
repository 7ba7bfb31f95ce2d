"""Corpora: folders of JSONL and Parquet, cleaned with all cores of a machine or on a Ray cluster; stopped runs can be resumed."""

from __future__ import annotations

from cleaner.corpus.run import clean_files, clean_pages
from cleaner.corpus.tally import Summary

__all__ = ["Summary", "clean_files", "clean_pages"]
