"""Clean a column of a data set of Hugging Face: ``python huggingface_datasets.py IN.parquet OUT.parquet``."""

import sys

from datasets import Dataset

from cleaner.integrations.datasets import CleanColumn


def main(source: str, out: str) -> None:
    """Clean the column `text` with two processes. The cache of `datasets` notices when the rules have changed."""
    dataset = Dataset.from_parquet(source)
    clean = dataset.map(CleanColumn("text", preset="body"), batched=True, num_proc=2)
    clean.to_parquet(out)


if __name__ == "__main__":
    main(*sys.argv[1:])
