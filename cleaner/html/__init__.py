"""Pages in, their text and what they say of themselves out: an extractor finds the article, and metadata are hints for the rules."""
