"""Strict reading of rule files: a file is good in every part, or the error says where it is not and how to mend it."""

from __future__ import annotations

import difflib
import re
import tomllib
from pathlib import Path
from typing import Any, NamedTuple

from cleaner.frames import Calendar, Frame
from cleaner.kinds import KINDS
from cleaner.kinds.base import REQUIRED, Field
from cleaner.lines import fold, key
from cleaner.model import Rule, RuleError
from cleaner.patterns import compile_pattern
from cleaner.signs import Signs, signs
from cleaner.vocabulary import Vocabulary

VOCABULARY = "vocabulary.toml"

PRESETS = ("default", "body")
WHERES = ("anywhere", "head", "tail", "edge")
_REACH = {"anywhere": 0, "head": 2, "tail": 0, "edge": 0}

_COMMON: dict[str, Field] = {
    "kind": Field("word", REQUIRED, "the code that the rule is an instance of", tuple(KINDS)),
    "preset": Field("word", "default", "the smallest preset that the rule is part of", PRESETS),
    "where": Field("word", "anywhere", "where in the document", WHERES),
    "reach": Field("number", None, "kept lines that may stand between the line and its end of the document"),
    "why": Field("text", REQUIRED, "what the thing is, why the rule asks for no more, and its price"),
    "examples": Field("examples", REQUIRED, "documents with a gutter, for each language"),
}
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_FAMILY = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_WORD = re.compile(r"\w+")
_NEAR_MISSES = 2


class ExampleLine(NamedTuple):
    """A line of an example: its verdict ("keep", "drop" or "trim"), the line, and what is left of it."""

    verdict: str
    text: str
    left: str


class Example(NamedTuple):
    """A document in which every line that is not blank has a verdict."""

    language: str
    lines: tuple[ExampleLine, ...]
    title: str | None
    author: str | None

    @property
    def text(self) -> str:
        """The document without its gutter."""
        return "\n".join(line.text for line in self.lines)

    def of(self, verdict: str) -> list[str]:
        """Return the lines with a verdict, blank ones apart."""
        return [line.text for line in self.lines if line.verdict == verdict and line.text]


class RuleFile(NamedTuple):
    """A rule with everything that its file says: the reasons, the proof, and the words as they were written."""

    path: Path
    rule: Rule
    why: str
    examples: tuple[Example, ...]
    table: dict[str, Any]


def _fail(path: Path, where: str, what: str, cure: str) -> RuleError:
    return RuleError(f"{path}: {where}: {what}; {cure}")


def _unknown(path: Path, name: str, known: list[str], within: str = "") -> RuleError:
    close = difflib.get_close_matches(name, known, n=1)
    cure = f"did you mean {close[0]!r}?" if close else f"known keys are {', '.join(known)}"
    return _fail(path, f"{within}{name}", "unknown key", cure)


def read_toml(path: Path) -> dict[str, Any]:
    """Read a TOML file; raises RuleError with the place of what is wrong."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise RuleError(f"{path}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise RuleError(f"{path}: is not UTF-8 at byte {error.start}; save it as UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        raise RuleError(f"{path}: is not TOML: {error}") from error


def read_vocabulary(path: Path, builtin: Vocabulary) -> Vocabulary:
    """Read the pieces that patterns share, beside the built-in ones: a regular expression, or a list of words for each language."""
    pieces: dict[str, Any] = {}
    for name, value in read_toml(path).items():
        if not isinstance(value, str) and not (
            isinstance(value, dict) and all(_is_texts(words) for words in value.values())
        ):
            raise _fail(
                path, name, "is neither a pattern nor lists of words", 'write name = "…", or [name] with en = ["…"]'
            )
        pieces[name] = value
    vocabulary = builtin.joined(pieces)
    for name, piece in pieces.items():
        if isinstance(piece, str):
            _check_pattern(path, name, piece, vocabulary)
    return vocabulary


def _is_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(entry, str) for entry in value)


def _check_pattern(path: Path, where: str, source: str, vocabulary: Vocabulary) -> Signs:
    """Check that a pattern compiles, in all languages at once, and return its signs."""
    import regex

    try:
        expanded = vocabulary.expand(source)
    except KeyError as error:
        raise _fail(path, where, f"calls (?&{error.args[0]}), which is no piece", f"add it to {VOCABULARY}") from error
    try:
        compiled = compile_pattern(expanded)
    except regex.error as error:
        raise _fail(path, where, f"the pattern {source!r} does not compile: {error}", "mend it") from error
    if compiled.fullmatch(""):
        raise _fail(path, where, f"the pattern {source!r} matches nothing at all", "ask for at least one character")
    return signs(source, vocabulary.pieces)


def _lists(path: Path, name: str, value: object, field: Field) -> dict[str, list[str]]:
    if not isinstance(value, dict) or not value:
        raise _fail(path, name, "is not a table of languages", f'write [{name}] and under it en = ["…"]')
    for language, entries in value.items():
        if not _LANGUAGE.fullmatch(language):
            raise _fail(path, f"{name}.{language}", "is not a language", 'use a BCP 47 code such as "pt-BR", or "und"')
        if not _is_texts(entries) or not entries:
            raise _fail(path, f"{name}.{language}", "is not a list of texts", 'write ["…", "…"]')
        if len(set(entries)) < len(entries):
            twice = next(entry for entry in entries if entries.count(entry) > 1)
            raise _fail(path, f"{name}.{language}", f"{twice!r} stands twice", "take one away")
    return value


def _value(path: Path, name: str, value: object, field: Field, vocabulary: Vocabulary) -> Any:
    """Check one value against its field and return it as ``Rule`` holds it."""
    if field.type == "word":
        if value not in field.words:
            raise _fail(path, name, f"is {value!r}", f"use one of {', '.join(field.words)}")
    elif field.type == "number":
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            raise _fail(path, name, f"is {value!r}", "use a whole number of 0 or more")
    elif field.type == "text":
        if not isinstance(value, str) or not value.strip():
            raise _fail(path, name, "is empty", "say it in a sentence or two")
    elif field.type == "texts":
        if not _is_texts(value):
            raise _fail(path, name, "is not a list of texts", 'write ["…", "…"]')
    elif field.type in ("entries", "frames"):
        return _entries(path, name, value, field, vocabulary)
    elif field.type == "phrases":
        keys: dict[str, list[str]] = {}
        for language, entries in _lists(path, name, value, field).items():
            keys[language] = [key(entry) for entry in entries]
            for entry, entry_key in zip(entries, keys[language], strict=True):
                if not entry_key:
                    raise _fail(path, f"{name}.{language}", f"{entry!r} has no letter or digit", 'use kind = "pattern"')
                if keys[language].count(entry_key) > 1:
                    raise _fail(
                        path,
                        f"{name}.{language}",
                        f"{entry!r} is the same as another phrase once folded",
                        "take it away",
                    )
        return keys
    elif field.type == "patterns":
        bound: dict[str, list[Any]] = {}
        for language, entries in _lists(path, name, value, field).items():
            bound[language] = []
            for entry in entries:
                bound[language].append([entry, _check_pattern(path, f"{name}.{language}", entry, vocabulary)])
        return bound
    return value


_PLACES = ("anywhere", "beside", "between", "within")
# What may be said of an entry beside its text, and what stands for it where it is not said.
_SUPPORT: dict[str, Any] = {"pages": 0, "place": "beside", "near": "", "example": "", "entries": 0, "until": ""}


def _entries(path: Path, name: str, value: object, field: Field, vocabulary: Vocabulary) -> list[dict[str, Any]]:
    """Check a list of tables, each with a text and its support, and return it with nothing left unsaid."""
    if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
        raise _fail(path, name, "is not a list of tables", 'write [{text = "…"}, {text = "…"}]')
    calendar = Calendar(vocabulary)
    for number, entry in enumerate(value, 1):
        where = f"{name}, entry {number}"
        for each in entry:
            if each != "text" and each not in _SUPPORT:
                raise _unknown(path, each, ["text", *_SUPPORT], f"{where}: ")
            if each != "text" and type(entry[each]) is not type(_SUPPORT[each]):
                raise _fail(path, where, f"{each} is {entry[each]!r}", f"write it as in {each} = {_SUPPORT[each]!r}")
        if not isinstance(entry.get("text"), str) or not key(entry["text"]):
            raise _fail(path, where, "has no text with a letter or digit", 'write text = "…"')
        if entry.get("place", "beside") not in _PLACES:
            raise _fail(path, where, f"place is {entry['place']!r}", f"use one of {', '.join(_PLACES)}")
        if field.type == "frames":
            try:
                Frame(entry["text"], calendar)
            except ValueError as error:
                raise _fail(path, where, f"{entry['text']!r} {error}", "write what stays of the line") from error
    return [{**_SUPPORT, **entry} for entry in value]


_GUTTERS = {"- ": "drop", "  ": "keep", "~ ": "trim"}


def _example(path: Path, language: str, value: object) -> Example:
    where = f"examples.{language}"
    title = author = None
    if isinstance(value, dict):
        for name in value:
            if name not in ("text", "title", "author"):
                raise _unknown(path, f"{where}.{name}", ["text", "title", "author"])
        title, author = value.get("title"), value.get("author")
        value = value.get("text")
    if not isinstance(value, str) or not value.strip():
        raise _fail(path, where, "is not a document", 'write """…""" with a gutter before each line')
    lines: list[ExampleLine] = []
    waiting = False
    for number, raw in enumerate(value.strip("\n").split("\n"), 1):
        if not raw.strip():
            lines.append(ExampleLine("keep", "", ""))
            continue
        gutter, text = raw[:2], raw[2:]
        if waiting:
            if gutter != "> ":
                raise _fail(
                    path,
                    f"{where}, line {number}",
                    "a trimmed line is not followed by what is left",
                    'begin this line with "> "',
                )
            lines[-1] = lines[-1]._replace(left=text)
            waiting = False
        elif gutter in _GUTTERS and text.strip():
            verdict = _GUTTERS[gutter]
            lines.append(ExampleLine(verdict, text, text if verdict == "keep" else ""))
            waiting = verdict == "trim"
        else:
            raise _fail(
                path, f"{where}, line {number}", f"{raw!r} has no gutter", 'begin it with "- ", two spaces, or "~ "'
            )
    if waiting:
        raise _fail(path, where, "ends with a trimmed line", 'say what is left of it in a line that begins with "> "')
    return Example(language, tuple(lines), title, author)


def _examples(path: Path, value: object) -> tuple[Example, ...]:
    if not isinstance(value, dict) or not value:
        raise _fail(path, "examples", "is not a table of languages", 'write [examples] and under it en = """…"""')
    found: list[Example] = []
    for language, entries in value.items():
        if not _LANGUAGE.fullmatch(language):
            raise _fail(
                path, f"examples.{language}", "is not a language", 'use a BCP 47 code such as "pt-BR", or "und"'
            )
        found.extend(_example(path, language, entry) for entry in (entries if isinstance(entries, list) else [entries]))
    return tuple(found)


def shares_a_word(line: str, words: frozenset[str]) -> bool:
    """Tell whether a line holds one of ``words`` (of :func:`words_of`): what makes it a near miss."""
    return not words.isdisjoint(words_of(line))


def words_of(line: str) -> frozenset[str]:
    """Return the folded words of a line; where a script has no spaces, every pair of characters is one."""
    words: set[str] = set()
    for word in _WORD.findall(fold(line)):
        words.add(word)
        if not word.isascii():
            words.update(word[at : at + 2] for at in range(len(word) - 1))
    return frozenset(words)


def _check_near_misses(path: Path, examples: tuple[Example, ...], languages: set[str]) -> None:
    missed: dict[str, int] = {}
    for language in {example.language for example in examples}:
        own = [example for example in examples if example.language == language]
        words = frozenset().union(
            *(words_of(line) for example in own for line in example.of("drop") + example.of("trim"))
        )
        missed[language] = sum(shares_a_word(line, words) for example in own for line in example.of("keep"))
        if not words:
            raise _fail(path, f"examples.{language}", "no line goes", 'mark one with "- "')
    for language in sorted(languages):
        if language not in missed:
            raise _fail(path, f"examples.{language}", "is missing", "every language of a rule has an example")
        if not missed[language]:
            raise _fail(
                path,
                f"examples.{language}",
                "has no near miss",
                "add a real sentence that shares words with a dropped line and stays",
            )
    if sum(missed.values()) < _NEAR_MISSES:
        raise _fail(
            path,
            "examples",
            f"the rule has fewer than {_NEAR_MISSES} near misses",
            "add real sentences that share its words and stay",
        )


def read_rules(path: Path, rule_id: str, vocabulary: Vocabulary) -> list[RuleFile]:
    """Read one rule file: a rule, or several under ``[rules.<name>]``, which are called by the file and their name.

    Raises RuleError naming file, key and cure for anything unknown, missing or wrong.
    """
    table = read_toml(path)
    if "rules" not in table:
        return [_rule(path, table, rule_id, vocabulary)]
    for name in table:
        if name != "rules":
            raise _fail(path, name, "stands beside [rules]", "move it into one of them, under [rules.<name>]")
    rules = table["rules"]
    if not isinstance(rules, dict) or not rules or not all(isinstance(rule, dict) for rule in rules.values()):
        raise _fail(path, "rules", "is no table of rules", "write each under [rules.<name>]")
    for name in rules:
        if not _FAMILY.fullmatch(name):
            raise _fail(path, f"rules.{name}", "is no part of a rule id", "use lower-case letters, digits and hyphens")
    found = []
    for name, rule in rules.items():
        try:
            found.append(_rule(path, rule, f"{rule_id}/{name}", vocabulary))
        except RuleError as error:
            raise RuleError(str(error).replace(f"{path}: ", f"{path}: rules.{name}: ", 1)) from error
    return found


def _rule(path: Path, table: dict[str, Any], rule_id: str, vocabulary: Vocabulary) -> RuleFile:
    if "kind" not in table:
        raise _fail(path, "kind", "is missing", f"use one of {', '.join(KINDS)}")
    _value(path, "kind", table["kind"], _COMMON["kind"], vocabulary)
    kind = KINDS[table["kind"]]
    fields = {**_COMMON, **kind.fields}
    for name in table:
        if name not in fields:
            raise _unknown(path, name, list(fields))
    values: dict[str, Any] = {}
    for name, field in fields.items():
        if name in table:
            values[name] = table[name] if name == "examples" else _value(path, name, table[name], field, vocabulary)
        elif field.default is REQUIRED:
            raise _fail(path, name, "is missing", f"it is {field.meaning}")
        else:
            values[name] = field.default
    if "Price:" not in table["why"]:
        raise _fail(path, "why", "does not name its price", 'end it with "Price: " and what the rule will get wrong')
    examples = _examples(path, table["examples"])
    languages = {language for name in kind.fields if isinstance(values[name], dict) for language in values[name]}
    _check_near_misses(path, examples, languages)
    where = values["where"]
    reach = _REACH[where] if values["reach"] is None else values["reach"]
    rule = Rule(rule_id, kind.name, values["preset"], where, reach, {name: values[name] for name in kind.fields})
    return RuleFile(path, rule, table["why"].strip(), examples, table)


def read_folder(folder: Path, builtin: Vocabulary | None = None) -> tuple[list[RuleFile], Vocabulary]:
    """Read every rule below a folder, or one rule file; return the rules by id, and the vocabulary with the folder's own."""
    vocabulary = builtin or Vocabulary({})
    if folder.is_file():
        return read_rules(folder, id_of(folder, Path(folder.name)), vocabulary), vocabulary
    if not folder.is_dir():
        raise RuleError(f"{folder}: is neither a folder nor a file of rules; check the path")
    if (folder / VOCABULARY).is_file():
        vocabulary = read_vocabulary(folder / VOCABULARY, vocabulary)
    paths = sorted(path for path in folder.rglob("*.toml") if path.name != VOCABULARY)
    if not paths:
        raise RuleError(f"{folder}: holds no rule; a rule is a file <family>/<rule>.toml")
    found = [read_rules(path, id_of(path, path.relative_to(folder)), vocabulary) for path in paths]
    return [file for files in found for file in files], vocabulary


def id_of(path: Path, relative: Path) -> str:
    """Return the id of a rule by its place below its folder; raises RuleError for a name that is none."""
    parts = relative.with_suffix("").parts
    for part in parts:
        if not _FAMILY.fullmatch(part):
            raise _fail(path, part, "is no part of a rule id", "use lower-case letters, digits and hyphens")
    return "/".join(parts)
