"""Hypothesis strategies for documents: the rules' own lines, hostile separators, mojibake and free text, mixed."""

from __future__ import annotations

from hypothesis import strategies as st

from tests.rule_lines import lines_that, rule_files

MOJIBAKE = [
    "sch\u00c3\u00b6n", "\u00e2\u20ac\u2122", "Ð¿Ñ€Ð¸Ð²ÐµÑ‚", "\x80\r\xc0\xa7", "â€œquotedâ€\x9d", "Ã\xa0 bient\u00c3\u00b4t",
    "&amp;amp;lt;", "&l&#116;;", "\ud800", "\udc00\ud800", "\x00", "\x1b[31mred\x1b[0m", "e\u0301", "\u1100\u1161\u11a8", "\u200b",
    "a\u200db",    "\u06af\u200c\u0647", "👩\u200d💻", "\u202etxet\u202c", "\ufeff", "\u00ad", "Â\xa0", "œ ", "\u0344", "ﬁ", "１２",
    "вЂ™", "√±", "&#x26;#38;", "&nbsp;", "&#10;", "a&#x2028;Leave a Reply", "b&#133;", "\u00e2\u20ac\u00a8",
]  # fmt: skip
SEPARATORS = [
    "\n",
    "\n\n",
    "\r\n",
    "\r",
    "\n \n",
    "\u2028",
    "\u2029",
    "\x85",
    "\x0b",
    "\x0c",
    "\x1c",
    "\x1d",
    "\x1e",
    "\n\n\n",
    "\t\n",
]
FENCES = ["```", "~~~", "```python", "````", "    ```", "~~~~ x"]
DRESSES = [
    "{}",
    "## {}",
    "**{}**",
    "- {}",
    "> {}",
    "[{}](http://example.com/a)",
    "  {}  ",
    "| {} |",
    "_{}_",
    "{} | The Daily Post",
]

pieces = st.one_of(
    st.deferred(lambda: st.sampled_from(lines_that("drop", "trim"))),
    st.deferred(lambda: st.sampled_from(lines_that("keep"))),
    st.deferred(lambda: st.sampled_from(_titles())),
    st.sampled_from(MOJIBAKE),
    st.sampled_from(FENCES),
    st.sampled_from(
        [
            "Jane Doe",
            "A sentence of prose that is long enough to be one, and ends.",
            "(AP)",
            "© Provided by PA Media",
            "",
        ]
    ),
    st.text(max_size=20),
    st.text(alphabet="ÃÂâ€œ™šžŸ\x80\x85\x9d\xa0 aéüß&;#x26amp`~-*[]()|\u200b\u200d\u0301", max_size=12),
)


def _titles() -> list[str]:
    return sorted({file.examples[0].lines[0].text for file in rule_files()})


@st.composite
def _line(draw: st.DrawFn) -> str:
    parts = draw(st.lists(pieces, min_size=1, max_size=2))
    return (
        draw(st.sampled_from(DRESSES)).format("".join(parts).replace("{", "").replace("}", ""))
        if draw(st.booleans())
        else "".join(parts)
    )


_DEFAULT = _line()


@st.composite
def documents(draw: st.DrawFn, line: st.SearchStrategy[str] = _DEFAULT) -> str:
    """Draw a document of up to a dozen lines, some of them repeated."""
    lines = draw(st.lists(line, max_size=8))
    if lines:
        lines += draw(st.lists(st.sampled_from(lines), max_size=4))
    separators = draw(st.lists(st.sampled_from(SEPARATORS), min_size=len(lines), max_size=len(lines)))
    return "".join(part for pair in zip(lines, separators, strict=True) for part in pair)
