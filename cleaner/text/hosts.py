"""The names of sites: the hosts of their pages."""

from __future__ import annotations

# The site that every document belongs to. Rules learned from documents without a site have it.
ANY_SITE = "*"


def site_of(url: str) -> str:
    """Return the site of a URL: its host in lower case, without a port and a leading "www."; "" if it has none."""
    from urllib.parse import urlsplit

    try:
        host = urlsplit(url if "//" in url else f"//{url}").hostname
    except ValueError:
        return ""
    return site_name(host or "")


def site_for(site: object, url: object) -> str:
    """Return the site of a document, as given or else from its URL; ANY_SITE if neither is known."""
    if isinstance(site, str) and site_name(site):
        return site_name(site)
    return (site_of(url) if isinstance(url, str) else "") or ANY_SITE


def site_name(name: str) -> str:
    """Return a site's name as rules compare it."""
    return name.strip().lower().removeprefix("www.")
