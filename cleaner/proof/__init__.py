"""The tests that are made from rule files, and the catalogue for readers."""
