"""Folding: what lines are compared by."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cleaner.text.folding import fold

CHARACTERS = st.one_of(
    st.characters(codec="utf-8"), st.sampled_from("\n\n\naZ .`'’-_ıİßŉʼ\u0301\u0345Σς한글\u1100\u1161É1²µ")
)


@given(text=st.text(alphabet=CHARACTERS))
def test_a_document_folds_as_its_lines_do(text: str) -> None:
    assert fold(text).split("\n") == [fold(line) for line in text.split("\n")]


@given(text=st.text(alphabet=CHARACTERS))
def test_folding_is_idempotent(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_a_backtick_is_an_apostrophe_whatever_stands_beside_it() -> None:
    assert fold("today`s") == fold("today's") == "today's"
    assert fold("café`s") == fold("café’s") == "cafe's"
