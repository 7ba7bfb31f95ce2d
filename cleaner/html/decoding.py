"""Pages as text: the encodings that they declare, and those that they have."""

from __future__ import annotations

import codecs
import re

# A page's declaration of its encoding.
_DECLARED = re.compile(rb"<meta[^<>]{0,500}?charset\s*+=\s*+[\"']?\s*+([A-Za-z0-9_:.-]{2,40})", re.IGNORECASE)
# Browsers read pages that declare Latin-1 as Windows-1252, a superset, and Chinese ones likewise.
_SUPERSETS = {
    **dict.fromkeys(("iso-8859-1", "iso8859-1", "latin-1", "latin1", "us-ascii", "ascii"), "cp1252"),
    **dict.fromkeys(("gb2312", "gbk", "x-gbk"), "gb18030"),
    **dict.fromkeys(("shift_jis", "shift-jis", "x-sjis", "sjis"), "cp932"),
    **dict.fromkeys(("euc-kr", "ks_c_5601-1987"), "cp949"),
    "iso-8859-9": "cp1254",
    "tis-620": "cp874",
    "big5": "big5hkscs",
}
_BEGIN = 4096
# If fewer characters than this share do not decode, the declared encoding is right and the page is damaged.
_DAMAGED = 0.002


def decode_page(content: bytes) -> str:
    """Return a page as text: by its byte order mark, as UTF-8, by the charset it declares, or as detected.

    A few bytes that do not decode become U+FFFD.
    """
    for bom, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if content.startswith(bom):
            return content.decode(encoding, "replace")
    declared = _declared(content)
    candidates = [declared, "utf-8"] if declared else ["utf-8"]
    for encoding in candidates:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    for encoding in candidates:
        text = content.decode(encoding, "replace")
        if text.count("\ufffd") <= max(1, _DAMAGED * len(text)):
            return text
    from trafilatura.utils import decode_file

    decoded: str = decode_file(content)
    return decoded


def _declared(content: bytes) -> str:
    """Return the encoding that a page declares, "" if it declares none that there is."""
    found = _DECLARED.search(content[:_BEGIN])
    if found is None:
        return ""
    name = found[1].decode("ascii").lower()
    try:
        name = _SUPERSETS.get(name, codecs.lookup(name).name)
        # Python has codecs that do not read text; a page in UTF-16 would not have shown its declaration.
        return "" if name.startswith(("utf-16", "utf-32")) else (b"<".decode(name) and name)
    except (LookupError, ValueError, TypeError):
        return ""
