"""Clean a folder of Parquet with Ray Data: ``python ray_data.py IN OUT``."""

import sys

import ray

from cleaner.integrations.arrow import CleanBatch


def main(source: str, out: str) -> None:
    """Clean the column `text`. Each worker builds its Cleaner once."""
    dataset = ray.data.read_parquet(source).map_batches(
        CleanBatch,
        fn_constructor_kwargs={"field": "text", "preset": "body"},
        batch_format="pyarrow",
        compute=ray.data.ActorPoolStrategy(min_size=1, max_size=8),
    )
    dataset.write_parquet(out)


if __name__ == "__main__":
    main(*sys.argv[1:])
