"""Documents from files and object stores, and processes to work on them: what cleaning a corpus and learning share."""
