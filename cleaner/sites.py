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


def site_name(name: str) -> str:
    """Return a site's name as rules compare it."""
    return name.strip().lower().removeprefix("www.")
