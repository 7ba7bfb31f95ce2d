"""Kind ``site``: lines that one site repeats on its pages, learned by ``cleaner learn``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from typing import Any

from cleaner.kinds.base import LARGEST, REQUIRED, Field, Kind, Matcher
from cleaner.kinds.below import Below, is_text
from cleaner.kinds.frames import Calendar, Frame, Frames
from cleaner.kinds.runs import LEAST_RUN, PAGE_SHARE, Runs
from cleaner.matching.vocabulary import Vocabulary
from cleaner.model import Hit, Rule
from cleaner.snapshot import Line, Snapshot
from cleaner.text.folding import key
from cleaner.text.hosts import ANY_SITE, site_name

# Long enough for menus and tag clouds that an extractor wrote into one line; a longer line is never learned.
LONGEST_LEARNED = 4000
# The title and standfirst above the text are not entries of a list above them.
RESERVED = 2
# Fewer lines are not a list: two may be a title with its standfirst.
LEAST_ENTRIES = 3

_PLACES = ("anywhere", "beside", "between", "within")
# The keys of an entry beside its text, with their defaults.
_SUPPORT: dict[str, Any] = {"pages": 0, "place": "beside", "near": "", "example": "", "entries": 0, "until": ""}


def calendar_of(vocabulary: Vocabulary) -> Calendar:
    """Return the months and weekdays of a vocabulary."""
    months, weekdays = (
        vocabulary.folded_words(name) if name in vocabulary.pieces else set() for name in ("month", "weekday")
    )
    return Calendar(months, weekdays)


def _checked(entries: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return entries with all keys filled in; raises ValueError, naming the entry, for one that cannot be used."""
    for number, entry in enumerate(entries, 1):
        for name, value in entry.items():
            if name != "text" and name not in _SUPPORT:
                raise ValueError(
                    f"entry {number}: {name}: unknown key; known keys are {', '.join(['text', *_SUPPORT])}"
                )
            if name != "text" and type(value) is not type(_SUPPORT[name]):
                raise ValueError(f"entry {number}: {name} is {value!r}; write it as in {name} = {_SUPPORT[name]!r}")
            if type(value) is int and not 0 <= value <= LARGEST:
                raise ValueError(f"entry {number}: {name} is {value!r}; use a whole number from 0 to {LARGEST:,}")
        if not isinstance(entry.get("text"), str) or not key(entry["text"]):
            raise ValueError(f'entry {number}: has no text with a letter or digit; write text = "…"')
        if entry.get("place", "beside") not in _PLACES:
            raise ValueError(f"entry {number}: place is {entry['place']!r}; use one of {', '.join(_PLACES)}")
    return [{**_SUPPORT, **entry} for entry in entries]


def _prepared(values: dict[str, Any], vocabulary: Vocabulary) -> dict[str, Any]:
    """Return the values of a rule, with the calendar of its frames added; raises ValueError for an entry that is not a frame."""
    calendar = calendar_of(vocabulary)
    for number, entry in enumerate(values["frames"], 1):
        try:
            Frame(entry["text"], calendar)
        except ValueError as error:
            raise ValueError(
                f"frames: entry {number}: {entry['text']!r} {error}; write what stays of the line"
            ) from error
    return {**values, "calendar": calendar}


class Learned:
    """The learned lines of one site, ready to be looked up."""

    def __init__(self, rule: Rule) -> None:
        self.rule = rule
        spec = rule.spec
        self._keep = keep = {key(text) for text in spec["keep"]}
        # Where each line must be to go: see the field `lines`.
        self.lines = {
            line: entry["place"] for entry in spec["lines"] if (line := key(entry["text"])) and line not in keep
        }
        self.lines.update({key(text): "anywhere" for text in spec["drop"]})
        self.frames = Frames((entry["text"] for entry in spec["frames"]), spec["calendar"])
        self._frame_places: dict[str, str] = {entry["text"]: entry["place"] for entry in spec["frames"]}
        # The lists below a line: the most lines, and the line that ends the list, "" if prose does.
        self.lists: dict[str, list[tuple[int, str]]] = {}
        for entry in spec["lists"]:
            if (line := key(entry["text"])) not in keep:
                self.lists.setdefault(line, []).append((entry["entries"], key(entry["until"])))
        # The lines below which no article goes on, and how many lines that are not the site's stand there at most.
        self._ends: dict[str, int] = {
            name: 2 * entry["entries"] for entry in spec["ends"] for name in (key(entry["text"]), entry["text"])
        }
        self._runs = Runs(entry["text"] for entry in spec["runs"])
        self._list_ends = {key(entry["text"]) for entry in spec["lines"] if entry["place"] in ("anywhere", "beside")}

    def judge(self, snapshot: Snapshot, hits: list[Hit]) -> None:
        """Add the hits on a document of this site."""
        places: list[int] = []
        keys: list[str] = []
        for place, line in enumerate(snapshot.lines):
            line_key = line.key or (key(line.text) if len(line.text) <= LONGEST_LEARNED else "")
            if line_key or len(line.text) > LONGEST_LEARNED:
                places.append(place)
                keys.append(line_key)
        lines = [snapshot.lines[place] for place in places]
        how = [self._place(line_key, line) for line_key, line in zip(keys, lines, strict=True)]
        met = [place is not None for place in how]
        # The beginning and the end of a text are as good company as another of the site's lines.
        beside = [True, *met, True]
        taken: set[int] = set()
        for number, line_key in enumerate(keys):
            for most, until in self.lists.get(line_key, ()):
                taken.update(self._entries(lines, keys, number, most, until))
            if not met[number]:
                continue
            above, below = beside[number], beside[number + 2]
            if (
                how[number] == "anywhere"
                or (how[number] == "between" and above and below)
                or (how[number] == "beside" and (above or below))
            ):
                taken.add(number)
        taken.update(_within(how, beside))
        if self._ends:
            taken.update(self._below(lines, keys, met))
        hits.extend([Hit(places[number], self.rule, "") for number in sorted(taken) if keys[number] not in self._keep])
        if self._runs:
            self._trim(lines, places, taken, hits)

    def _trim(self, lines: Sequence[Line], places: Sequence[int], taken: Set[int], hits: list[Hit]) -> None:
        """Add a hit for each line that begins or ends with a run of words of the site."""
        size = sum(len(line.text) for line in lines)
        for number, line in enumerate(lines):
            if number in taken or line.words <= LEAST_RUN or key(line.text) in self._keep:
                continue
            rest = self._runs.rest(line.text, is_page=len(line.text) >= PAGE_SHARE * size)
            if rest is not None:
                hits.append(Hit(places[number], self.rule, rest))

    def _place(self, line_key: str, line: Line) -> str | None:
        """Return where a line must be to go; None for one that is not the site's."""
        place = self.lines.get(line_key)
        if place is not None or not line_key or (frame := self.frames.find(line_key)) is None:
            return place
        # A sentence is not a name in a frame, whatever words it begins and ends with.
        return None if frame.is_split and line.is_prose else self._frame_places[frame.text]

    def _below(self, lines: Sequence[Line], keys: Sequence[str], met: Sequence[bool]) -> range:
        """Return the first line at which the article ends, and all that stands below it."""
        places = [place for place, line_key in enumerate(keys) if self._end(line_key) is not None]
        if places:
            texts = [line.text for line in lines]
            below = Below(texts, met, [not is_met and is_text(text) for text, is_met in zip(texts, met, strict=True)])
            for place in places:
                most = self._end(keys[place])
                if most is not None and below.ends_at(place) and below.others(place) <= most:
                    return range(place, len(keys))
        return range(0)

    def _end(self, line_key: str) -> int | None:
        """Return how many lines that are not the site's may stand below a line at which articles end; None for another line."""
        found = self._ends.get(line_key)
        if found is None and (frame := self.frames.find(line_key)) is not None:
            found = self._ends.get(frame.text)
        return found

    def _entries(self, lines: Sequence[Line], keys: Sequence[str], heading: int, most: int, until: str) -> range:
        """Return the entries of the list below a line: up to the line that ends it, or else prose or another of the site's lines."""
        end = heading + 1
        if until:
            # Running text that was not learned may be the article's: then there is no list.
            last = min(len(keys), end + most)
            while (
                end < last
                and keys[end] != until
                and keys[end] not in self._list_ends
                and (keys[end] in self.lines or not lines[end].is_prose)
            ):
                end += 1
            return range(heading + 1, end if end < len(keys) and keys[end] == until else heading + 1)
        last = min(len(keys), end + 2 * most)
        while end < last and keys[end] not in self._list_ends and not lines[end].is_prose:
            end += 1
        if end < len(keys) and lines[end].is_prose and keys[end] not in self._list_ends:
            end -= RESERVED
        return range(heading + 1, end)


def _within(how: Sequence[str | None], beside: Sequence[bool]) -> list[int]:
    """Return the lines that go within a list: three or more of its entries in a row, between lines of the site.

    The title of an article is an entry of lists on other pages; in its own place it is alone, or with its standfirst.
    """
    found: list[int] = []
    first = 0
    while first < len(how):
        end = first
        while end < len(how) and how[end] == "within":
            end += 1
        if end - first >= LEAST_ENTRIES:
            # The first and the last entry need another line of the site beside them.
            found += range(first if beside[first] else first + 1, end if beside[end + 1] else end - 1)
        first = end + 1
    return found


def _matcher(rules: Sequence[Rule]) -> Matcher:
    known: dict[str, list[Rule]] = {}
    for rule in rules:
        for site in rule.spec["sites"]:
            known.setdefault(site_name(site), []).append(rule)
    # A rule file has more sites than one run meets, so each is made ready when it is first met.
    ready: dict[str, list[Learned]] = {}

    def match(snapshot: Snapshot, hits: list[Hit]) -> None:
        for site in (snapshot.hints.site, ANY_SITE):
            if site in known:
                if site not in ready:
                    ready[site] = [Learned(rule) for rule in known[site]]
                for learned in ready[site]:
                    learned.judge(snapshot, hits)

    return match


_SEEN = "with the pages they were seen on and an example"

KIND = Kind(
    "site",
    "lines that one site repeats on its pages, as `cleaner learn` finds them; it looks at documents of its sites only",
    {
        "sites": Field("texts", REQUIRED, "hosts of pages, without `www.`; `*` means every document"),
        "pages": Field("number", 0, "how many different pages were learned from"),
        "drop": Field(
            "texts", [], "lines added by hand: they go wherever they are, and learning again leaves them in the rule"
        ),
        "keep": Field("texts", [], "lines that must stay: they never go, and are never learned again"),
        "lines": Field(
            "entries",
            [],
            f"whole lines, {_SEEN}; `place` says when they go: `anywhere`, `beside` another of the site's lines or an end of the "
            "text, `between` two of these, or `within` a list of three or more such lines",
            check=_checked,
        ),
        "frames": Field(
            "entries",
            [],
            f"lines that vary, {_SEEN} and a `place`: `{{number}}` is any number, `{{month}}` and `{{weekday}}` their names in a "
            "date, `{words}` one to six words",
            check=_checked,
        ),
        "lists": Field(
            "entries",
            [],
            f"lines above a list that changes from page to page, {_SEEN}; the list goes up to the text, with at most twice as "
            "many `entries` as were seen, or up to the line `until`, with at most as many and no running text but learned lines",
            check=_checked,
        ),
        "runs": Field(
            "entries",
            [],
            f"runs of words, {_SEEN}, that are cut off the beginning and the end of lines, up to a mark that sets them apart from the rest",
            check=_checked,
        ),
        "ends": Field(
            "entries",
            [],
            f"lines at which the article ends, {_SEEN}: all that stands below the first of them goes, where that is no text that goes "
            "on, and at most twice as many `entries` as were seen",
            check=_checked,
        ),
        "doubtful": Field(
            "entries", [], "lines that recur and stay, for the reader: copy one to `drop` to have it go", check=_checked
        ),
    },
    _matcher,
    evidence="certain",
    prepare=_prepared,
)
