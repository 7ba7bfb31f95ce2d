"""Pages for people: Jinja templates, and what fills them in. A page needs nothing from elsewhere."""
