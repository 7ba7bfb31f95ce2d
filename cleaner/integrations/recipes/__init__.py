"""Scripts to start from: what a job of Spark, or of datatrove on Slurm, looks like with this cleaner. Each runs as it is."""
