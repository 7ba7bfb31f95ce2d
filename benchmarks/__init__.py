"""What the cleaner is measured with: not part of the distribution's code, and nothing in ``cleaner`` imports it."""
