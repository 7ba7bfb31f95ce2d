"""What is made from the rule files: their tests, and the catalogue for readers."""
