"""For pipelines on Ray Data: ``dataset.map_batches(CleanBatch, batch_format="pyarrow", …)``.

A whole corpus in files is better run by ``cleaner corpus --engine ray``: it goes on where it was stopped.
"""

from __future__ import annotations

from cleaner.corpus.batches import CleanBatch

__all__ = ["CleanBatch"]
