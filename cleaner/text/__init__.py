"""Text without any rules: folding, lines, the repair of encoding and whitespace, names of sites."""
