"""The report: what cleaning took from documents, as a page to look at."""
