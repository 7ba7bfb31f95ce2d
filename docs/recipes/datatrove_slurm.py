"""Clean a folder of JSONL with datatrove on Slurm: ``python datatrove_slurm.py IN OUT``.

Every node needs `pip install 'boilerplate-cleaner[datatrove]'` and must see the same folders. With --local the same pipeline runs on
this machine. Run the script again with the same number of tasks: datatrove keeps its records by task.
"""

from __future__ import annotations

import argparse

from datatrove.executor import LocalPipelineExecutor, SlurmPipelineExecutor
from datatrove.pipeline.readers import JsonlReader
from datatrove.pipeline.writers import JsonlWriter

from cleaner.integrations.datatrove import BoilerplateFormatter


def main() -> None:
    """Run the pipeline, on Slurm unless told otherwise."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source")
    parser.add_argument("out")
    parser.add_argument("--partition", default="cpu")
    parser.add_argument("--tasks", type=int, default=100)
    parser.add_argument("--time", default="20:00:00", help="the longest that a task may take")
    parser.add_argument("--local", action="store_true")
    given = parser.parse_args()
    pipeline = [JsonlReader(given.source), BoilerplateFormatter(title_key="title"), JsonlWriter(given.out)]
    logs = f"{given.out.rstrip('/')}-logs"
    if given.local:
        LocalPipelineExecutor(pipeline, tasks=given.tasks, logging_dir=logs).run()
    else:
        SlurmPipelineExecutor(
            pipeline,
            tasks=given.tasks,
            time=given.time,
            partition=given.partition,
            job_name="cleaner",
            logging_dir=logs,
        ).run()


if __name__ == "__main__":
    main()
