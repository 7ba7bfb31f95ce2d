"""The rules: reading their files, loading them, and choosing among them."""
