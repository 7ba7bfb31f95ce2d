"""Learning a site's boilerplate from its own pages: judging which lines are the site's, and making rules of them."""
