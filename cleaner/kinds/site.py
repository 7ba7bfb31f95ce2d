"""Kind ``site``: lines that one site repeats on its pages, as learned from them (``cleaner learn``)."""

from __future__ import annotations

from cleaner.document import Document
from cleaner.kinds.base import REQUIRED, Field, Kind
from cleaner.lines import key
from cleaner.model import Hit, Rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from cleaner.frames import Calendar
    from cleaner.kinds.base import Context, Matcher

# Menus and tag clouds that an extractor wrote into one line; what is longer is never learned.
LONGEST_LEARNED = 4000
# Above the text stand its title and standfirst: they are no entries of a list above them.
RESERVED = 2
# Three lines are a list; a title with its standfirst is none.
LEAST_ENTRIES = 3


class Learned:
    """What is known of one site, ready to be looked up."""

    __slots__ = ("_frame_places", "_never", "ends", "frames", "lines", "lists", "rule")

    def __init__(self, rule: Rule, calendar: Calendar) -> None:
        from cleaner.frames import Frames

        self.rule = rule
        spec = rule.spec
        self._never = never = {key(text) for text in spec["never"]}
        # How each line must stand to go: see the field `lines`.
        self.lines = {
            line: entry["place"] for entry in spec["lines"] if (line := key(entry["text"])) and line not in never
        }
        self.lines.update({key(text): "anywhere" for text in spec["keep"]})
        self.frames = Frames((entry["text"] for entry in spec["frames"]), calendar)
        self._frame_places: dict[str, str] = {entry["text"]: entry["place"] for entry in spec["frames"]}
        # The lists below a line: the most lines, and the line that ends the list, "" where prose does.
        self.lists: dict[str, list[tuple[int, str]]] = {}
        for entry in spec["lists"]:
            if (line := key(entry["text"])) not in never:
                self.lists.setdefault(line, []).append((entry["entries"], key(entry["until"])))
        self.ends = {key(entry["text"]) for entry in spec["lines"] if entry["place"] in ("anywhere", "beside")}

    def judge(self, document: Document, hits: list[Hit]) -> None:
        """Add the hits on a document of this site."""
        places: list[int] = []
        keys: list[str] = []
        for index in document.live:
            line = document.lines[index]
            line_key = document.key(index) or (key(line) if len(line) <= LONGEST_LEARNED else "")
            if line_key or len(line) > LONGEST_LEARNED:
                places.append(index)
                keys.append(line_key)
        how = [self._place(line, document, index) for line, index in zip(keys, places, strict=True)]
        met = [place is not None for place in how]
        # The beginning and the end of a text are company as good as another of the site's lines.
        beside = [True, *met, True]
        taken: set[int] = set()
        for number, line in enumerate(keys):
            for most, until in self.lists.get(line, ()):
                taken.update(self._entries(document, places, keys, number, most, until))
            if not met[number]:
                continue
            place = how[number]
            above, below = beside[number], beside[number + 2]
            if (
                place == "anywhere"
                or (place == "between" and above and below)
                or (place == "beside" and (above or below))
            ):
                taken.add(number)
        taken.update(_within(how, beside))
        hits.extend([Hit(places[number], self.rule, "") for number in sorted(taken) if keys[number] not in self._never])

    def _place(self, line: str, document: Document, index: int) -> str | None:
        """Return how a line must stand to go, by its key; None for one that is not the site's."""
        place = self.lines.get(line)
        if place is not None or not line or (frame := self.frames.find(line)) is None:
            return place
        # No sentence is a name in its frame, whatever words it begins and ends with.
        return None if frame.is_split and document.is_prose(index) else self._frame_places[frame.text]

    def _entries(
        self, document: Document, places: Sequence[int], keys: Sequence[str], heading: int, most: int, until: str
    ) -> range:
        """Return the entries of the list below a line: up to the line that ends it, or else prose or another of the site's lines."""
        end = heading + 1
        if until:
            # Running text that was not learned may be the article's: then there is no list.
            last = min(len(keys), end + most)
            while (
                end < last
                and keys[end] != until
                and keys[end] not in self.ends
                and (keys[end] in self.lines or not document.is_prose(places[end]))
            ):
                end += 1
            return range(heading + 1, end if end < len(keys) and keys[end] == until else heading + 1)
        last = min(len(keys), end + 2 * most)
        while end < last and keys[end] not in self.ends and not document.is_prose(places[end]):
            end += 1
        if end < len(keys) and document.is_prose(places[end]) and keys[end] not in self.ends:
            end -= RESERVED
        return range(heading + 1, end)


def _within(how: Sequence[str | None], beside: Sequence[bool]) -> list[int]:
    """Return the lines that go within a list: three or more of its entries, one below the other, between lines of the site.

    The title of an article is an entry of lists on other pages; at its own place it stands alone, or with its standfirst.
    """
    found: list[int] = []
    first = 0
    while first < len(how):
        end = first
        while end < len(how) and how[end] == "within":
            end += 1
        if end - first >= LEAST_ENTRIES:
            # The first and the last one need the company of another line.
            found += range(first if beside[first] else first + 1, end if beside[end + 1] else end - 1)
        first = end + 1
    return found


def _matcher(rules: Sequence[Rule], context: Context) -> Matcher:
    # Nearly all runs have no rule of a site, and need none of this.
    from cleaner.frames import Calendar
    from cleaner.sites import ANY_SITE, site_name

    calendar = Calendar(context.vocabulary)
    known: dict[str, list[Rule]] = {}
    for rule in rules:
        for site in rule.spec["sites"]:
            known.setdefault(site_name(site), []).append(rule)
    # A corpus has more sites than any one run meets, so each is made ready when it is first met.
    ready: dict[str, list[Learned]] = {}

    def match(document: Document, hits: list[Hit]) -> None:
        for site in (document.site, ANY_SITE):
            if site in known:
                if site not in ready:
                    ready[site] = [Learned(rule, calendar) for rule in known[site]]
                for learned in ready[site]:
                    learned.judge(document, hits)

    return match


_SUPPORT = "with the pages it was seen on and an example"

KIND = Kind(
    "site",
    "lines that one site repeats on its pages, as `cleaner learn` finds them; it looks at documents of its sites only",
    {
        "sites": Field("texts", REQUIRED, "hosts of pages, without `www.`; `*` is every document"),
        "pages": Field("number", 0, "how many different pages were learned from"),
        "keep": Field("texts", [], "lines added by hand: they go anywhere, and learning again keeps them in the rule"),
        "never": Field("texts", [], "lines that must stay: they never go, and are never learned again"),
        "lines": Field(
            "entries",
            [],
            f"whole lines, {_SUPPORT}; `place` says when they go: `anywhere`, `beside` another of the site's lines or an end of the "
            "text, `between` two of these, or `within` a list of three or more such lines",
        ),
        "frames": Field(
            "frames",
            [],
            f"lines that vary, {_SUPPORT} and a `place`: `{{number}}` is any number, `{{month}}` and `{{weekday}}` their names in a "
            "date, `{words}` one to six words",
        ),
        "lists": Field(
            "entries",
            [],
            f"lines below which a list stands that changes from page to page, {_SUPPORT}; it goes up to the text, with at most twice as "
            "many `entries` as were seen, or up to the line `until`, with at most as many and no running text but learned lines",
        ),
        "doubtful": Field("entries", [], "lines that recur and stay, for the reader: copy one to `keep` to drop it"),
    },
    _matcher,
)
