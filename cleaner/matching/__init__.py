"""Matching: the patterns of rules, and the prefilter that leaves few of them to be tried on a line."""
