"""Learning a site's boilerplate from its own pages: which lines are the site's, and the rules made of them."""
