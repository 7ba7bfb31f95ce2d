"""Scripts to start from: a job for Spark, and one for datatrove on Slurm. Each runs as it is."""
