"""Clean a folder of JSONL with datatrove on this machine: ``python datatrove_pipeline.py IN OUT``."""

import sys

from datatrove.executor import LocalPipelineExecutor
from datatrove.pipeline.readers import JsonlReader
from datatrove.pipeline.writers import JsonlWriter

from cleaner.integrations.datatrove import BoilerplateFormatter


def main(source: str, out: str) -> None:
    """Run the pipeline. The statistics of the step count changed and flagged documents, and the lines that each rule removed."""
    pipeline = [
        JsonlReader(source),
        BoilerplateFormatter(title_key="title", drop_empty=True),
        JsonlWriter(out),
    ]
    LocalPipelineExecutor(pipeline, logging_dir=f"{out}-logs").run()


if __name__ == "__main__":
    main(*sys.argv[1:])
