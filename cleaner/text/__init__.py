"""Text without rules: folding, lines, the repair of encoding and whitespace, the names of sites."""
