"""Steps for pipelines that other people's packages run; each module needs its package, and nothing else does."""
