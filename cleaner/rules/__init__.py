"""The rules: their files, which of them there are, and which a caller chose."""
