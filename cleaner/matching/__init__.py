"""Matching: the patterns of rules, and the prefilter that leaves only a few of them to try on a line."""
