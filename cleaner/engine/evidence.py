"""Which hits count: a line goes because its rule is sure enough, because of its place, or because of its company.

Hits on content are set aside first (see ``cleaner.engine.content``). Each rule says how sure it is of the lines that it hits:

- *certain*: the line is known rather than judged, because the user names it or other pages of the site have it. It goes by itself.
- *strong*: the line goes by itself, and is then called *sure*. If the rule looks at an end of the document, at most ``reach`` lines
  that stay may lie between the line and that end; a hit farther inside is treated as weak.
- *fair*: strong in an article, weak in any other text (a label over an advertisement, a heading of related articles).
- *weak*: real text has lines of this form, too (a name and a trade, a word of a menu, "Related"). The line goes only in company.
- *faint*: like weak, but the form is so common (a number, a date, "A and B") that it is no company for other lines.
- *attached*: any short line has this form. In an article, below its last paragraph, it goes with the *furniture* of the page: with
  lines that go there (menus, related articles, share buttons, comments, footers and the like), as many as the rule asks for, the first
  of them above it, and one of them not far away.
  A line of a rule with ``remainder`` goes, however long it is, if it is below a list of other articles that ends the text.
  Bylines, captions, credits and dates are not furniture, since texts have them as well.

On a page such lines never stand alone. This is company:

- a line of the same *run* that a rule of another family hits. A run is a stretch of hit lines with nothing but blank lines and rulers
  between them;
- a sure line in the same run that another rule hits;
- a sure line of another family anywhere in the document, since such a document came off a page (not for a faint rule: tables and lists
  are full of its lines).

A form that is met again and again (the lines of a poem, the cells of a table) tells no more than it does once, so a rule is no
company for itself.

The lines that no rule hits, the *rest*, say what kind of text this is:

- If no line of the rest ends like a sentence, the text is a list, a table or a file of messages, and only certain lines are sure.
- If no line of the rest is running text, only strong rules that look everywhere are company in a run.

In an article (three paragraphs or more, hit or not), weak rules need no company near an end: a rule that looks at that end within its
reach, and a rule that looks everywhere where at most one line that stays lies between its line and the end.

This is hysteresis, as in Canny's edge detector: weak evidence counts where it hangs on strong evidence. The order of rules, lines and
ends cannot matter: lines that go are only ever added, and one that is added never makes another one less likely to go, since fewer
lines stay before it and more lines are sure. So there is one smallest set of lines that is closed under these rules. And cleaning is
idempotent because all this looks at one snapshot and nothing else, and passes are repeated until one changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from itertools import accumulate

from cleaner.engine.content import reasons as content_reasons
from cleaner.engine.content import without_content
from cleaner.model import Hit, Rule
from cleaner.snapshot import Line
from cleaner.text.lines import ends_sentence

# Where names of rules or families were found.
Places = dict[str, set[int]]

ENDS = ("head", "tail")
# An article has at least so many paragraphs of at least so many words.
_PARAGRAPHS, _PARAGRAPH = 3, 20
# A weak rule that looks everywhere has this reach at both ends of an article.
_OUTER = 1
# A sentence has so many words.
_SENTENCE = 2
# Families of rules for what a page has around its text.
_FURNITURE = frozenset(
    ["ads", "apps", "comments", "footers", "media", "navigation", "notices", "related", "share", "subscription"]
)
_LEAST_FURNITURE = 2
# A list of other articles ends the text if there are at least this many words above its heading and, for every 100 of them, at most
# this many below it. The summary of another article is shorter than this, in words, and no summary follows another one.
_ABOVE, _MOST_BELOW, _LONG = 100, 60, 45
# An attached line is not farther than this from one of them. What is longer than that is a table or a list of its own.
_NEAR = 10


def counting(
    lines: Sequence[Line], hits: Iterable[Hit], openings: Set[int], trusting: bool = False
) -> dict[int, list[Hit]]:
    """Return the hits that count, by the place of the line: those that drop it, or else those that trim it.

    ``openings`` are the places of the lines that open a block. ``trusting`` takes every hit for a strong one that is not on content.
    """
    drops: dict[int, list[Hit]] = {}
    trims: dict[int, list[Hit]] = {}
    attached: dict[int, list[Hit]] = {}
    for hit in hits:
        kind = attached if hit.rule.evidence == "attached" else trims if hit.left else drops
        kind.setdefault(hit.place, []).append(hit)
    is_article = _is_article(lines)
    if not trusting:
        drops = without_content(lines, drops, openings, is_article)
    evidence = _Evidence(lines, drops, attached, is_article, trusting)
    evidence.settle()
    counted = evidence.counted
    for place, own in trims.items():
        if place not in counted and (
            good := [hit for hit in own if trusting or hit.rule.is_strong or evidence.has_company(hit)]
        ):
            counted[place] = good
    return counted


def may_attach(lines: Sequence[Line], hits: Iterable[Hit], least: int) -> bool:
    """Tell whether lines can be attached to furniture: to so many lines of it, if they go, in an article."""
    furniture = {hit.place for hit in hits if _is_furniture(hit.rule)}
    return len(furniture) >= least and _is_article(lines)


def held_back(lines: Sequence[Line], hits: Iterable[Hit], openings: Set[int]) -> list[tuple[Hit, str]]:
    """Return the hits that do not count, each with what holds it back."""
    drops: dict[int, list[Hit]] = {}
    # Any short line looks like an attached one, so that tells nothing.
    own = [hit for hit in hits if hit.rule.evidence != "attached"]
    for hit in own:
        if not hit.left:
            drops.setdefault(hit.place, []).append(hit)
    is_article = _is_article(lines)
    found = list(content_reasons(lines, drops, openings, is_article))
    on_content = [hit for hit, _ in found]
    evidence = _Evidence(lines, without_content(lines, drops, openings, is_article), {}, is_article, False)
    evidence.settle()
    counted = counting(lines, own, openings)
    found += [
        (hit, evidence.missing(hit)) for hit in own if hit not in on_content and hit not in counted.get(hit.place, ())
    ]
    return found


class _Evidence:
    """Hits that would drop lines of one snapshot; ``counted`` are those that count, by the place of the line."""

    def __init__(
        self,
        lines: Sequence[Line],
        hits: Mapping[int, Sequence[Hit]],
        attached: Mapping[int, Sequence[Hit]],
        is_article: bool,
        trusting: bool,
    ) -> None:
        self._lines = lines
        self._hits = hits
        self._attached = attached
        rest = [line for place, line in enumerate(lines) if place not in hits]
        self._trusting = trusting
        self._has_sentence = any(line.words >= _SENTENCE and ends_sentence(line.text) for line in rest)
        self._is_article = is_article
        self._reach = {
            end: max([_OUTER, *[hit.rule.reach for own in hits.values() for hit in own if hit.rule.looks_at(end)]])
            for end in ENDS
        }
        has_prose = any(line.is_prose for line in rest)
        # What lines can be company for, each by the places of these: families of hits in the run, rules of its sure lines, and
        # families of the sure lines of the document.
        self._in_run: dict[int, Places] = {}
        self._sure_in_run: dict[int, Places] = {}
        self._sure: Places = {}
        for run in _runs(lines, hits):
            in_run: Places = {}
            sure_in_run: Places = {}
            for place in run:
                for hit in hits[place]:
                    if _is_company(hit.rule, has_prose):
                        in_run.setdefault(hit.rule.family, set()).add(place)
            self._in_run.update(dict.fromkeys(run, in_run))
            self._sure_in_run.update(dict.fromkeys(run, sure_in_run))
        self.counted: dict[int, list[Hit]] = {}

    def settle(self) -> None:
        """Count hits until no more of them count."""
        for place, own in self._hits.items():
            self._count_sure(place, [hit for hit in own if self._is_strong(hit) and hit.rule.where == "anywhere"])
        # Each round but the last finds another sure line that is company, so there are few.
        while any([self._reach_from(end) for end in ENDS]) | self._keep_company() | self._attach():
            pass

    def has_company(self, hit: Hit) -> bool:
        """Tell whether a hit has company; see above for what that is."""
        place, family = hit.place, hit.rule.family
        return (
            _have_another(self._in_run.get(place, {}), family, place)
            or _have_another(self._sure_in_run.get(place, {}), hit.rule.id, place)
            or (hit.rule.evidence != "faint" and _have_another(self._sure, family, place))
        )

    def missing(self, hit: Hit) -> str:
        """Tell what a hit that does not count lacks."""
        rule = hit.rule
        alone = "no company: no rule of another family hits a line beside it, or is sure of one elsewhere in the text"
        if not (rule.is_strong or (self._is_article and rule.evidence == "fair")):
            return f"{rule.evidence} evidence and {alone}"
        if not self._has_sentence:
            return "no line that stays is a sentence, so this may be a list or a table"
        ends = [end for end in ENDS if rule.looks_at(end)]
        between = min([self._between(hit.place, end) for end in ends], default=0)
        lines = "1 line that stays is" if between == 1 else f"{between} lines that stay are"
        return f"out of reach: {lines} between it and the {' or '.join(ends)}, at most {rule.reach} may be; and {alone}"

    def _between(self, place: int, end: str) -> int:
        """Return how many lines that stay lie between a line and an end of the document."""
        places = range(place) if end == "head" else range(place + 1, len(self._lines))
        return sum([other not in self.counted and not self._lines[other].is_ruler for other in places])

    def _is_strong(self, hit: Hit) -> bool:
        if self._trusting or hit.rule.is_certain:
            return True
        is_strong = hit.rule.is_strong or (self._is_article and hit.rule.evidence == "fair")
        return self._has_sentence and is_strong

    def _count(self, place: int, hits: Sequence[Hit]) -> bool:
        """Count hits on a line, and tell whether one of them is new."""
        if not hits:
            return False
        known = self.counted.get(place, [])
        new = [hit for hit in hits if hit not in known]
        if new:
            self.counted[place] = [*known, *new]
        return bool(new)

    def _count_sure(self, place: int, hits: Sequence[Hit]) -> bool:
        for hit in hits:
            self._sure.setdefault(hit.rule.family, set()).add(place)
            self._sure_in_run[place].setdefault(hit.rule.id, set()).add(place)
        return self._count(place, hits)

    def _keep_company(self) -> bool:
        """Count the hits that have company; tell whether there are new ones."""
        news = False
        for place, own in self._hits.items():
            known = self.counted.get(place, ())
            news |= self._count(place, [hit for hit in own if hit not in known and self.has_company(hit)])
        return news

    def _attach(self) -> bool:
        """Count the lines attached to the frame of the page below the text; tell whether there are new ones."""
        if not self._attached or not (self._is_article or self._trusting):
            return False
        places = range(len(self._lines))
        last = max([place for place in places if place not in self.counted and self._lines[place].is_prose], default=-1)
        furniture = [
            place
            for place, own in self.counted.items()
            if place > last and any([_is_furniture(hit.rule) for hit in own])
        ]
        near: Set[int] = set()
        if self._trusting:
            near = set(range(last + 1, len(self._lines)))
        elif furniture:
            first = min(furniture)
            near = {one for place in furniture for one in range(max(first, place - _NEAR), place + _NEAR + 1)}
        end = last if self._trusting else self._end_of_text()
        news = False
        for place in self._attached.keys() - self.counted.keys():
            own = [
                hit
                for hit in self._attached[place]
                if (place > end if hit.rule.spec["remainder"] else place in near and self._has_enough(hit, furniture))
            ]
            news |= self._count(place, own)
        return news

    def _has_enough(self, hit: Hit, furniture: Sequence[int]) -> bool:
        return self._trusting or len(furniture) >= furniture_of(hit.rule)

    def _end_of_text(self) -> int:
        """Return the place of the first heading of other articles with which the text ends; the number of lines if none does."""
        lines = self._lines
        headings = {place for place, own in self.counted.items() if any([_is_list(hit.rule) for hit in own])}
        words = [*[line.words for line in lines], 0]
        above = list(accumulate([line.words if line.is_prose else 0 for line in lines], initial=0))
        end, below = len(lines), 0
        for place in reversed(range(len(lines))):
            if place in headings and above[place] >= _ABOVE and 100 * below <= _MOST_BELOW * above[place]:
                end = place
            below += words[place]
            is_long = words[place] >= _LONG or min(words[place : place + 2]) >= _PARAGRAPH
            if is_long and not {place, place + 1} <= self.counted.keys():
                break
        return end

    def _reach_from(self, end: str) -> bool:
        """Count the hits within reach of an end; tell whether there are new ones."""
        news = False
        stay = 0
        for place in range(len(self._lines)) if end == "head" else range(len(self._lines) - 1, -1, -1):
            if stay > self._reach[end]:
                break
            own = self._hits.get(place, ())
            near = [hit for hit in own if hit.rule.looks_at(end) and stay <= hit.rule.reach]
            news |= self._count_sure(place, [hit for hit in near if self._is_strong(hit)])
            if self._is_article:
                near += [hit for hit in own if hit.rule.where == "anywhere" and stay <= _OUTER]
                news |= self._count(place, [hit for hit in near if hit.rule.evidence in ("fair", "weak")])
            if place not in self.counted and not self._lines[place].is_ruler:
                stay += 1
        return news


def _is_article(lines: Sequence[Line]) -> bool:
    return sum([line.words >= _PARAGRAPH for line in lines]) >= _PARAGRAPHS


def _is_company(rule: Rule, has_prose: bool) -> bool:
    """Tell whether the lines of a rule are company for others of their run, in a text with or without prose."""
    return (
        rule.evidence in ("fair", "weak") or rule.is_strong
        if has_prose
        else rule.is_strong and rule.where == "anywhere"
    )


def furniture_of(rule: Rule) -> int:
    """Return how many lines of furniture an attached rule asks for."""
    return int(rule.spec.get("furniture", _LEAST_FURNITURE))


def _is_furniture(rule: Rule) -> bool:
    """Tell whether a line of a rule is sure enough for others to be attached to it."""
    return rule.family in _FURNITURE and rule.evidence not in ("faint", "attached")


def _is_list(rule: Rule) -> bool:
    """Tell whether a rule is about lists of other articles, each with its heading."""
    return rule.family == "related" and rule.kind == "block"


def _have_another(found: Places, name: str, place: int) -> bool:
    """Tell whether another name than this one was found, and in another place."""
    return any(other != name and places != {place} for other, places in found.items())


def _runs(lines: Sequence[Line], hits: Mapping[int, Sequence[Hit]]) -> list[list[int]]:
    """Return the stretches of lines that are hit, which rulers do not part."""
    runs: list[list[int]] = [[]]
    for place, line in enumerate(lines):
        if place in hits:
            runs[-1].append(place)
        elif runs[-1] and not line.is_ruler:
            runs.append([])
    return runs
