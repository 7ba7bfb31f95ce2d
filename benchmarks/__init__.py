"""The measurements of the cleaner: not part of the distribution's code, and nothing in ``cleaner`` imports them."""
