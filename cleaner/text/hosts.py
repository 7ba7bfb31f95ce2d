"""What a site is called: the host of its pages."""

from __future__ import annotations

# The name of the site that every document belongs to: rules learned where no site was told.
ANY_SITE = "*"


def site_of(url: str) -> str:
    """Return the site of a URL: its host in lower case, without a port and a leading "www."; "" where there is none."""
    from urllib.parse import urlsplit

    try:
        host = urlsplit(url if "//" in url else f"//{url}").hostname
    except ValueError:
        return ""
    return site_name(host or "")


def site_for(site: object, url: object) -> str:
    """Return the site of a document by what is known of it, its site or its URL; ANY_SITE where neither tells."""
    if isinstance(site, str) and site_name(site):
        return site_name(site)
    return (site_of(url) if isinstance(url, str) else "") or ANY_SITE


def site_name(name: str) -> str:
    """Return a site's name as rules compare it."""
    return name.strip().lower().removeprefix("www.")
