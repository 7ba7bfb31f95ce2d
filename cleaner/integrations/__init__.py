"""Steps for pipelines of other packages; each module needs its package, and nothing else does."""
