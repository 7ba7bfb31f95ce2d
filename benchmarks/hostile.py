"""Is there a text that makes cleaning slow?

    python benchmarks/hostile.py [--size N] [--family NAME] [--repeat N] [--json FILE]

The texts are made to hurt, in families that grow with a number: everything that a rule or the repair looks for, in runs, nests
and ladders, and as near misses of every rule's examples. A family's ``make(n)`` returns about n code points, always the same
ones. Prints for each family the time at 16 n over the time at n: 16 is linear. ``tests/test_growth.py`` counts the work.
"""

from __future__ import annotations

import random
import statistics
import sys
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from functools import cache, partial
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # so that it runs as a file, too

from benchmarks.mixed import entries_of, filled, prose, rule_files, sentences
from benchmarks.running import by_turns, ratio, repeated_seconds, seconds
from benchmarks.tables import Row, parser_of, table, write_json
from cleaner import Cleaner
from cleaner.rules.loading import builtin_rules

LONGEST_LINE = 600  # of the families of many lines: about the longest that every sort of rule still looks at
TIMES = 16
LONG = 5  # seconds: a run that takes longer is measured once


class Family(NamedTuple):
    """A sort of text. ``weight`` makes texts of tiny lines longer: to compare with n code points, take ``make(weight * n)``."""

    name: str
    make: Callable[[int], str]
    weight: int = 1


def families() -> Iterator[Family]:
    """Yield every family: plain prose first."""
    yield Family("prose", prose)
    yield from forms()
    for char in sought_characters():
        yield from runs(char)
    for folder, lines in example_lines().items():
        yield from near_misses(folder, lines)


def runs(char: str) -> Iterator[Family]:
    """Yield families of runs of a character: one line of it, and many lines with it."""
    name = f"U+{ord(char):04X} {unicodedata.name(char, '').lower()}".rstrip()
    yield Family(f"one run of {name}", partial(_cut, char))
    yield Family(f"runs of {name}", partial(_runs, char))


# A longer text repeats itself: in one line, a change that looks like mojibake costs the rest of the line another round of
# repairs, so chance would decide how the work grows.
_ENOUGH = 1 << 15


def near_misses(name: str, lines: Sequence[str]) -> Iterator[Family]:
    """Yield families of lines that are almost like some lines, or contain them."""
    for form, mutate in _MUTATIONS.items():
        yield Family(f"{name}: {form}", partial(_mutated, mutate, lines))
    yield Family(f"{name}: all in one line", lambda n: _cut(_mutated(_changed, lines, _ENOUGH).replace("\n", " "), n))


def sought_characters() -> list[str]:
    """Return the characters in phrases and patterns other than letters and digits, and some that the repair looks for."""
    found = set(" \t\xa0\u200b\u200d\u202e\xad\ufeff\u3000\x07\x1b&;#Ã0aÉя中\u0301\ufffd\r\x85\u2028")
    for file in rule_files():
        for _, _, entry in entries_of(file):
            found.update(char for char in entry if not char.isalnum())
    return sorted(found - {"\n"})


@cache
def example_lines() -> dict[str, tuple[str, ...]]:
    """Return the lines that rules drop or trim in their examples, by family of rules."""
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for file in rule_files():
        for example in file.examples:
            found[file.id.split("/")[0]].update(dict.fromkeys(example.of("drop") + example.of("trim")))
    return {folder: tuple(own) for folder, own in found.items()}


# --- Forms that no rule names --------------------------------------------------------------------


def forms() -> Iterator[Family]:
    """Yield the families other than runs of a character and near misses."""
    for unit in (
        "word ", "Jane Doe, John Smith and ", "March 23, 2023 12:30 23.03.2023 ", "[a](http://example.com/b) ", "a\xa0 \u2003",
        "&amp;lt;&#x26;#38; ", "&amp&#3", "[a](b ", "sch\u00c3\u00b6n \u00e2\u20ac\u2122 Ð¿Ñ€Ð¸Ð²ÐµÑ‚ ", "\ud800a\udc00\ud83d\ude00",
        "👩\u200d💻\ufe0f", "\x1b[31mred\x1b[0m",
    ):  # fmt: skip
        yield Family(f"one giant line of {unit!r}", partial(_cut, unit))
    shapes: dict[str, Callable[[int], str]] = {
        "nest of brackets": lambda size: "([" * (size // 4) + "a" + "])" * (size // 4),
        "nest of links": lambda size: "[" * (size // 5) + "a" + "](x)" * (size // 5),
        "ladder of mojibake": _ladder,
        "ladder of references": lambda size: f"&{'amp;' * (size // 4)}lt;",
        "tower of marks": lambda size: "a" + "\u0323\u0301" * (size // 2),
        "tower of marks out of order": lambda size: "a" + "\u0315\u0300\u0323\u0345" * (size // 4),
        "word twice": lambda size: " ".join(["x" * (size // 2)] * 2),
        "row of credits": lambda size: "The mayor speaks to the town" + " (AP Photo/Jane Doe)" * (size // 20),
        "row of words that patterns share": lambda size: " ".join(random.Random(8).choices(_words(), k=1 + size // 10)),
        # Each of these once made cleaning slow.
        "row of stars between a letter and a stop": lambda size: f"a{'*' * size}.",
        "row of bars between a link and a stop": lambda size: f"[a](b){' |' * (size // 2)} .",
        "form to fill in": lambda size: f"Name{'_' * (size // 2)} Date{'_' * (size // 2)} Signed.",
    }
    for name, line in shapes.items():
        yield Family(f"{name}, in one line", line)
        yield Family(f"{name}, in many lines", partial(_varied, line))
    for unit, weight in {
        "\n": 4, " \n": 4, "\r\n": 4, "Ab\n": 8, "Advertisement\n": 4, "The council met again on Monday.\n": 4,
        "The same thing again\nAnother thing again\n": 1, "Reuters\nOne two three four\n": 1, "Jane Doe\n": 1, "```\ncode\n": 1,
        "***\nAdvertisement\n---\nRead more\n": 1,
    }.items():  # fmt: skip
        yield Family(f"lines of {unit!r}", partial(_cut, unit), weight)
    for form in (
        "A title of some words - {0}", "Jane Q{0} Doe", "Jane{0} Doe\nJane{0} Doe", "Jane Q{0} Doe\nJane Q{0} Doe is a writer at The Post.",
        "- Kicker {0}: A headline of seven words follows here", "A HEADLINE IN CAPITALS WITH NUMBER {0} IN IT",
        "A caption of some words with {0} A caption of some words with {0}", "Name {0} ______________________ Date ____________",
        "{0:02} March 2023", "March {0}, 2023 12:30 PM", "{0}",
    ):  # fmt: skip
        yield Family(f"lines like {form!r}", partial(filled, form.format))
    yield Family("lines of one letter", partial(filled, lambda number: str(number % 10)), 8)
    for kind in ("menu", "block", "ending"):
        for between in (
            "",
            "\nEntry {}",
            "\nA headline of seven words about number {}",
            "\nIt was said on Monday that {} met.",
        ):
            yield Family(f"phrases of {kind} and {between!r}", partial(_phrases, kind, between))
    yield Family("one giant line of prose", lambda n: prose(n).replace("\n", " "))
    yield Family("fences that nothing closes", partial(filled, lambda number: "`" * (3 + number % 40) + "x"))
    yield Family(
        "fences that shrink", partial(filled, lambda number: "~" * (LONGEST_LINE - number % (LONGEST_LINE - 3)))
    )
    known = [line for lines in example_lines().values() for line in lines]
    yield Family("all boilerplate", partial(_mutated, random.Random.choice, known))


def _cut(unit: str, size: int) -> str:
    return (unit * (size // len(unit) + 1))[:size]


def _ladder(size: int) -> str:
    """Return a letter whose bytes were read as Latin-1 again and again, each time longer, over and over."""
    rung, ladder = "é", ""
    while len(rung) <= min(size // 4, 200):
        ladder += f"{rung} "
        rung = rung.encode("utf-8").decode("latin-1")
    return _cut(ladder or rung, size)


def _varied(line: Callable[[int], str], size: int) -> str:
    """Return lines of one form and of many lengths, a number in each, so that no two are equal."""
    chance = random.Random(5)
    return filled(lambda number: f"{line(chance.randrange(8, LONGEST_LINE))} {number}", size)


def _runs(char: str, size: int) -> str:
    """Return lines with runs of a character: before a word, behind it, and around it."""

    def line(length: int) -> str:
        run = char * (length // 2)
        return (f"{run}{run}x", f"x{run}{run}", f"{run}x{run}")[length % 3]

    return _varied(line, size)


def _phrases(kind: str, between: str, size: int) -> str:
    """Return the phrases of a kind's rules and the first dropped line of each of their examples, with other lines between them."""
    files = [file for file in rule_files() if file.table["kind"] == kind]
    known = [phrase for file in files for group in file.table.get("phrases", {}).values() for phrase in group]
    known += [dropped[0] for file in files for example in file.examples if (dropped := example.of("drop"))]
    chance = random.Random(6)
    return filled(lambda number: chance.choice(known) + between.format(number), size)


@cache
def _words() -> tuple[str, ...]:
    """Return the words that patterns share: months, roles, labels of every language."""
    pieces = builtin_rules().vocabulary.pieces.values()
    return tuple(word for piece in pieces if isinstance(piece, dict) for group in piece.values() for word in group)


# --- Near misses of the rules' own examples --------------------------------------------------------


def _mutated(mutate: Callable[[random.Random, Sequence[str]], str], lines: Sequence[str], size: int) -> str:
    chance = random.Random(9)
    return filled(lambda _: mutate(chance, lines), size)[:size]


def _repeated(chance: random.Random, lines: Sequence[str]) -> str:
    line = chance.choice(lines)
    return " ".join([line] * chance.randrange(2, max(3, LONGEST_LINE // len(line))))


def _cut_short(chance: random.Random, lines: Sequence[str]) -> str:
    line = chance.choice(lines)
    return f"{line[: chance.randrange(len(line)) + 1]} {chance.choice(sentences())[: chance.randrange(30)]}"


def _doubled(chance: random.Random, lines: Sequence[str]) -> str:
    one, other = chance.choice(lines), chance.choice(lines)
    return f"{one} {other} {one}"


def _changed(chance: random.Random, lines: Sequence[str]) -> str:
    line = chance.choice(lines)
    place = chance.randrange(len(line))
    return line[:place] + chance.choice("aeX9-—.é, я中") + line[place + 1 :]


_MUTATIONS = {
    "lines repeated in a line": _repeated,
    "lines cut": _cut_short,
    "lines doubled": _doubled,
    "lines with one character changed": _changed,
}


# --- The clock ------------------------------------------------------------------------------------


def growth(rounds: int, size: int, named: str = "") -> list[Row]:
    """Return for each family the time of cleaning 16 n over that of n, with all rules: the worst first."""
    one = Cleaner("body")
    rows = []
    for family in families():
        if named not in family.name:
            continue
        texts = {"n": family.make(size * family.weight), "16 n": family.make(TIMES * size * family.weight)}
        cleanings = {name: partial(one.clean, text) for name, text in texts.items()}
        # Patterns are loaded when first tried, and that must not count.
        is_long = sum(map(seconds, cleanings.values())) > LONG
        spent = by_turns(
            {name: partial(repeated_seconds, run) for name, run in cleanings.items()}, 1 if is_long else rounds
        )
        length = max(1, len(texts["16 n"]))
        rows.append(
            {
                "family": family.name,
                "code_points": length,
                "seconds": statistics.median(spent["16 n"]),
                "ns_a_code_point": 1e9 * statistics.median(spent["16 n"]) / length,
                "growth": ratio(spent["16 n"], spent["n"]) * TIMES * max(1, len(texts["n"])) / length,
            }
        )
    return sorted(rows, key=lambda row: -row["growth"])


COLUMNS = {"family": "", "code_points": ",", "seconds": ".3f", "ns_a_code_point": ",.0f", "growth": ".1f"}


def main(arguments: Sequence[str] | None = None) -> int:
    """Time every family, print the table."""
    parser = parser_of(__doc__, "hostile")
    parser.add_argument("--size", type=int, default=16_000, metavar="N", help="n (default: %(default)s)")
    parser.add_argument("--family", default="", metavar="NAME", help="only families with this in their name")
    parser.add_argument("--repeat", type=int, default=3, help="rounds (default: %(default)s)")
    options = parser.parse_args(arguments)
    rows = growth(options.repeat, options.size, options.family)
    print(*table(rows, COLUMNS), sep="\n")
    write_json(options.json, {"hostile": rows})
    return 0


if __name__ == "__main__":
    sys.exit(main())
