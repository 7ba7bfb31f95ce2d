"""Texts made to hurt: families that grow with a number, for the benchmark and for the test that counts work.

A family's ``make(n)`` returns about n code points, always the same ones.
Whatever a rule or the repair looks for stands there in runs, nests and ladders, and as near misses of every rule's examples.
"""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from functools import cache, partial
from typing import NamedTuple

from benchmarks.texts import prose, rule_files, sentences
from cleaner.matching.patterns import Pattern
from cleaner.rules.loading import builtin_rules

LONGEST_LINE = 600  # of the families of many lines: about the longest that every sort of rule still looks at


class Family(NamedTuple):
    """A sort of text; where others have n code points, take ``make(weight * n)``, for lines of next to nothing."""

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


def near_misses(name: str, lines: Sequence[str]) -> Iterator[Family]:
    """Yield families of lines that almost are some lines, or are more than them."""
    for form, make in _NEAR.items():
        yield Family(f"{name}: {form}", partial(make, lines))


def sought_characters() -> list[str]:
    """Return the characters other than letters and digits that patterns hold, and some that the repair looks for."""
    found = set(" \t\xa0\u200b\u200d\u202e\xad\ufeff\u3000\x07\x1b&;#Ã0aÉя中\u0301\ufffd\r\x85\u2028")
    for rule in builtin_rules().rules.values():
        for value in rule.spec.values():
            for entries in value.values() if isinstance(value, dict) else ():
                for entry in entries:
                    source = entry.source if isinstance(entry, Pattern) else entry
                    found |= {char for char in source if not char.isalnum()}
    return sorted(found - {"\n"})


@cache
def example_lines() -> dict[str, tuple[str, ...]]:
    """Return the lines that rules drop or trim in their examples, by family of rules."""
    found: dict[str, dict[str, None]] = {}
    for file in rule_files():
        own = found.setdefault(file.rule.id.split("/")[0], {})
        for example in file.examples:
            own.update(dict.fromkeys(example.of("drop") + example.of("trim")))
    return {folder: tuple(own) for folder, own in found.items()}


# --- Forms that no rule names --------------------------------------------------------------------


def forms() -> Iterator[Family]:
    """Yield the families that are no runs of a character and no near misses."""
    one_line: dict[str, Callable[[int], str]] = {
        "one giant line of prose": _one_line_of_prose,
        "one giant line of words": partial(_cut, "word "),
        "one giant line of one word twice": lambda n: " ".join(["x" * (n // 2)] * 2),
        "one giant line of names": partial(_cut, "Jane Doe, John Smith and "),
        "one giant line of dates": partial(_cut, "March 23, 2023 12:30 23.03.2023 "),
        "one giant line of links": partial(_cut, "[a](http://example.com/b) "),
        "one giant line of odd spaces": partial(_cut, "a\xa0 \u2003"),
        "one giant line of references": partial(_cut, "&amp;lt;&#x26;#38; "),
        "one ladder of references": lambda n: "&" + _cut("amp;", n) + "lt;",
        "one run of unclosed references": partial(_cut, "&amp&#3"),
        "one nest of brackets": partial(_nest, "(", ")"),
        "one nest of links": partial(_nest, "[", "](x)"),
        "one run of open links": partial(_cut, "[a](b "),
        "one ladder of mojibake": _ladder,
        "one giant line of mojibake": partial(_cut, "sch\u00c3\u00b6n \u00e2\u20ac\u2122 Ð¿Ñ€Ð¸Ð²ÐµÑ‚ "),
        "one tower of marks": lambda n: "a" + _cut("\u0301", n),
        "one tower of marks out of order": lambda n: "a" + _cut("\u0315\u0300\u0323\u0345", n),
        "one run of surrogates": partial(_cut, "\ud800a\udc00\ud83d\ude00"),
        "one run of joined emoji": partial(_cut, "👩\u200d💻\ufe0f"),
        "one run of escapes": partial(_cut, "\x1b[31mred\x1b[0m"),
    }
    for name, make in one_line.items():
        yield Family(name, make)
    yield Family("empty lines", partial(_cut, "\n"), 4)
    yield Family("lines of a space", partial(_cut, " \n"), 4)
    yield Family("empty lines of Windows", partial(_cut, "\r\n"), 4)
    yield Family("lines of one letter", lambda n: "\n".join(str(number % 10) for number in range(n // 2)), 8)
    yield Family("equal lines", partial(_cut, "Ab\n"), 8)
    yield Family("equal lines that go", partial(_cut, "Advertisement\n"), 4)
    yield Family("equal lines of prose", partial(_cut, "The council met again on Monday to hear from the town.\n"), 4)
    yield Family("lines by turns", partial(_cut, "The same thing again\nAnother thing again\n"))
    yield Family(
        "title over and over", lambda n: "A title of some words\n" + _numbered("A title of some words - {}", n)
    )
    yield Family("nests of brackets", partial(_varied, lambda size: "([" * (size // 4) + "])" * (size // 4)))
    yield Family("nests of links", partial(_varied, lambda size: "[" * (size // 4) + "](x)" * (size // 6)))
    yield Family("ladders of mojibake", partial(_varied, _ladder))
    yield Family("ladders of references", partial(_varied, lambda size: "&" + "amp;" * (size // 4) + "lt;"))
    yield Family("towers of marks", partial(_varied, lambda size: "a" + "\u0323\u0301" * (size // 2)))
    yield Family("names", partial(_numbered, "Jane Q{} Doe"))
    yield Family("names twice", lambda n: "\n".join(f"Jane{i} Doe\nJane{i} Doe" for i in range(n // 22)))
    yield Family("one name", partial(_cut, "Jane Doe\n"))
    yield Family("names and bios", partial(_numbered, "Jane Q{0} Doe\nJane Q{0} Doe is a writer at The Post."))
    yield Family("numbers", partial(_numbered, "{}"), 2)
    yield Family("dates", partial(_dates, "{day:02} {month} {year}"))
    yield Family("dates and times in capitals", partial(_dates, "{month} {day}, {year} 12:{day:02} PM"))
    yield Family("menus", partial(_listed, "menu", ""))
    yield Family("menus with others between", partial(_listed, "menu", "Entry {}"))
    yield Family("headings", partial(_listed, "block", ""))
    yield Family("headings with headlines", partial(_listed, "block", "A headline of seven words about number {}"))
    yield Family(
        "headings with prose", partial(_listed, "block", "It was said on Monday that {} people had met there.")
    )
    yield Family("endings", partial(_listed, "ending", ""))
    yield Family(
        "endings with prose", partial(_listed, "ending", "It was said on Monday that {} people had met there.")
    )
    yield Family("fences", partial(_cut, "```\ncode\n"))
    yield Family("fences that nothing closes", lambda n: "\n".join("`" * (3 + i % 40) + "x" for i in range(n // 24)))
    yield Family("fences that grow", _growing_fences)
    yield Family("rulers", partial(_varied, lambda size: "-" * size))
    yield Family("rulers and boilerplate", partial(_cut, "***\nAdvertisement\n---\nRead more\n"))
    yield Family("bullets", partial(_numbered, "- Kicker {}: A headline of seven words follows here"))
    yield Family("capitals", partial(_numbered, "A HEADLINE IN CAPITALS WITH NUMBER {} IN IT"))
    yield Family(
        "doubled lines", partial(_numbered, "A caption of some words with {0} A caption of some words with {0}")
    )
    yield Family("captions over and over", partial(_varied, lambda size: "A caption of words. " * (size // 20)))
    yield Family("trims in prose", lambda n: prose(n // 2) + "\n" + _credits(n // 2))
    yield Family("all boilerplate", _all_boilerplate)
    yield Family("all words of patterns", _vocabulary_words)


def _cut(unit: str, size: int) -> str:
    return (unit * (size // len(unit) + 1))[:size]


def _nest(opening: str, closing: str, size: int) -> str:
    depth = size // len(opening + closing)
    return opening * depth + "a" + closing * depth


def _ladder(size: int) -> str:
    """Return a letter whose bytes were read as Windows-1252 again and again, each time longer; and what is left to ``size``."""
    rung, ladder = "é", ""
    while len(ladder) + len(rung) < size:
        ladder += rung + " "
        if len(rung) > size // 4 or len(rung) > 200:
            break
        rung = rung.encode("utf-8").decode("latin-1")
    return _cut(ladder or rung, size)


def _one_line_of_prose(size: int) -> str:
    return prose(size).replace("\n", " ")


def _numbered(form: str, size: int) -> str:
    lines: list[str] = []
    room = size
    while room > 0:
        lines.append(form.format(len(lines)))
        room -= len(lines[-1]) + 1
    return "\n".join(lines)


def _varied(line: Callable[[int], str], size: int) -> str:
    """Return lines of one form and of many lengths, a number in each, so that no two are equal."""
    chance = random.Random(5)
    lines: list[str] = []
    room = size
    while room > 0:
        lines.append(f"{line(chance.randrange(8, LONGEST_LINE))} {len(lines)}")
        room -= len(lines[-1]) + 1
    return "\n".join(lines)


def _runs(char: str, size: int) -> str:
    """Return lines with runs of a character: before a word, behind it, and about it."""
    forms = iter(range(3 * size))

    def line(length: int) -> str:
        form = next(forms) % 3
        run = char * (length if form < 2 else length // 2)
        return (f"{run}x", f"x{run}", f"{run}x{run}")[form]

    return _varied(line, size)


_MONTHS = ("March", "Mai", "août", "septiembre", "kwietnia", "мая", "三月", "ottobre")


def _dates(form: str, size: int) -> str:
    lines: list[str] = []
    room = size
    while room > 0:
        number = len(lines)
        lines.append(form.format(day=number % 31 + 1, month=_MONTHS[number % len(_MONTHS)], year=1000 + number // 31))
        room -= len(lines[-1]) + 1
    return "\n".join(lines)


@cache
def _phrases(kind: str) -> tuple[str, ...]:
    """Return the phrases of all rules of a kind, and the first line that goes in each example: the heading, where there is one."""
    files = [file for file in rule_files() if file.rule.kind == kind]
    lists = [group for file in files for group in file.table.get("phrases", {}).values()]
    firsts = [(example.of("drop") or [""])[0] for file in files for example in file.examples]
    return tuple(dict.fromkeys([*(phrase for group in lists for phrase in group), *filter(None, firsts)]))


def _listed(kind: str, between: str, size: int) -> str:
    """Return the phrases of a kind, mixed, with other lines between them."""
    chance = random.Random(6)
    lines: list[str] = []
    room = size
    while room > 0:
        lines.append(chance.choice(_phrases(kind)))
        room -= len(lines[-1]) + 1
        if between:
            lines.append(between.format(len(lines)))
            room -= len(lines[-1]) + 1
    return "\n".join(lines)


def _growing_fences(size: int) -> str:
    lines: list[str] = []
    room = size
    while room > 0:
        lines.append("~" * (3 + len(lines) % LONGEST_LINE))
        room -= len(lines[-1]) + 1
    return "\n".join(reversed(lines))


def _credits(size: int) -> str:
    """Return lines that end in credit after credit, so that a pass can trim one at a time."""
    return _varied(lambda length: "The mayor speaks to the town" + " (AP Photo/Jane Doe)" * (length // 20), size)


def _all_boilerplate(size: int) -> str:
    chance = random.Random(7)
    known = [line for lines in example_lines().values() for line in lines]
    lines: list[str] = []
    room = size
    while room > 0:
        lines.append(chance.choice(known))
        room -= len(lines[-1]) + 1
    return "\n".join(lines)


@cache
def _words() -> tuple[str, ...]:
    lists = builtin_rules().vocabulary.pieces.values()
    return tuple(word for piece in lists if isinstance(piece, dict) for group in piece.values() for word in group)


def _vocabulary_words(size: int) -> str:
    """Return lines of words that the patterns share: months, roles, labels of every language in a row."""
    chance = random.Random(8)
    return _varied(lambda length: " ".join(chance.choices(_words(), k=1 + length // 40)), size)


# --- Near misses of the rules' own examples --------------------------------------------------------


def _mutated(mutate: Callable[[random.Random, Sequence[str]], str], lines: Sequence[str], size: int) -> str:
    chance = random.Random(9)
    found: list[str] = []
    room = size
    while room > 0:
        line = mutate(chance, lines)
        found.append(line[: max(room, 1)])
        room -= len(line) + 1
    return "\n".join(found)


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


def _giant(lines: Sequence[str], size: int) -> str:
    return _mutated(_changed, lines, size).replace("\n", " ")


_NEAR: dict[str, Callable[[Sequence[str], int], str]] = {
    "lines repeated in a line": partial(_mutated, _repeated),
    "lines cut": partial(_mutated, _cut_short),
    "lines doubled": partial(_mutated, _doubled),
    "lines with one character changed": partial(_mutated, _changed),
    "all in one line": _giant,
}
