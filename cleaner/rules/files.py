"""Strict reading of rule files: unless every part of a file is good, an error names the bad part and the fix."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from cleaner.kinds import KINDS
from cleaner.kinds.base import LARGEST, REQUIRED, Field
from cleaner.matching.literals import LiteralReader
from cleaner.matching.patterns import Pattern, Required, compiled, shown
from cleaner.matching.vocabulary import Vocabulary, on_one_line
from cleaner.model import EVIDENCE, HINTS, PRESETS, PatternTimeoutError, Rule, RuleError
from cleaner.regular import read_regular
from cleaner.rules.examples import Example, ExampleError, check_near_misses, read_example
from cleaner.rules.learned import is_old, renewed
from cleaner.rules.ruleset import toml_files
from cleaner.text.folding import key

VOCABULARY = "vocabulary"

WHERES = ("anywhere", "head", "tail", "edge")
_REACH = {"anywhere": 0, "head": 2, "tail": 0, "edge": 0}

COMMON: dict[str, Field] = {
    "kind": Field("word", REQUIRED, "the code that the rule is an instance of", tuple(KINDS)),
    "preset": Field("word", "default", "the smallest preset that the rule is part of", PRESETS),
    "where": Field("word", "anywhere", "where in the document", WHERES),
    "reach": Field("number", None, "how many kept lines may be between the line and its end of the document"),
    "evidence": Field(
        "word",
        None,
        "how sure it is of its lines: see `cleaner/engine/evidence.py`; by default `certain` for the kind `site`, `strong` for others",
        EVIDENCE,
    ),
    "evidence_in_body": Field(
        "word", None, "the same under the preset `body`, if it is not; that preset may ask for less", EVIDENCE
    ),
    "replaces": Field("flag", False, "whether it takes the place of the built-in rule with its id"),
    "why": Field("text", REQUIRED, "what the thing is, why the rule asks for no more, and its price"),
    "examples": Field("examples", REQUIRED, "documents with a gutter, for each language"),
}
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_OF_EXAMPLES = ("text", *HINTS)
_PIECE = re.compile(r"[^\W\d]\w*")


class RuleFile(NamedTuple):
    """A rule with everything in its file: the reasons, the examples, and the words as they were written.

    ``has_old_names`` marks a learned rule whose lists have their old names (see ``cleaner.rules.learned``).
    """

    path: Path
    rule: Rule
    why: str
    examples: tuple[Example, ...]
    table: dict[str, Any]
    has_old_names: bool = False


def _fail(path: Path, where: str, what: str, cure: str) -> RuleError:
    return RuleError(f"{path}: {where}: {what}; {cure}")


def _unknown(path: Path, name: str, known: Sequence[str], within: str = "") -> RuleError:
    close = difflib.get_close_matches(name, known, n=1)
    cure = f"did you mean {close[0]!r}?" if close else f"known keys are {', '.join(known)}"
    return _fail(path, f"{within}{name}", "unknown key", cure)


def read_toml(path: Path) -> dict[str, Any]:
    """Read a TOML file; raises RuleError, naming the place, if it is wrong."""
    try:
        return tomllib.loads(read_regular(path).decode("utf-8"))
    except OSError as error:
        raise RuleError(f"{path}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise RuleError(f"{path}: is not UTF-8 at byte {error.start}; save it as UTF-8") from error
    except ValueError as error:  # also for a number of thousands of digits
        raise RuleError(f"{path}: is not TOML: {error}") from error
    except RecursionError:
        raise RuleError(f"{path}: is nested too deeply to be read; rules need three levels at most") from None


def _are_texts(value: object) -> bool:
    return isinstance(value, list) and all([isinstance(entry, str) for entry in value])


class RuleReader:
    """Reads the rules of one folder, whose patterns share the pieces of a vocabulary."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self._literals = LiteralReader(vocabulary)

    def add_pieces(self, paths: Sequence[Path]) -> None:
        """Read more pieces of the vocabulary: regular expressions, and lists of words for each language."""
        pieces: dict[str, Any] = {}
        places: dict[str, Path] = {}
        for path in paths:
            for name, value in read_toml(path).items():
                if not isinstance(value, str) and not (
                    isinstance(value, dict) and all([_are_texts(words) for words in value.values()])
                ):
                    cure = 'write name = "…", or [name] with en = ["…"]'
                    raise _fail(path, name, "is neither a pattern nor lists of words", cure)
                if not _PIECE.fullmatch(name):
                    raise _fail(path, name, "cannot be called with (?&name)", "use letters, digits and _")
                if isinstance(value, dict) and not all([all(map(str.strip, words)) for words in value.values()]):
                    raise _fail(path, name, "holds an empty word", "remove it")
                if name in places:
                    raise _fail(path, name, f"is in {places[name]}, too", "remove one")
                pieces[name] = on_one_line(value) if isinstance(value, str) else value
                places[name] = path
        self.vocabulary = self.vocabulary.joined(pieces)
        self._literals = LiteralReader(self.vocabulary)
        for name, piece in pieces.items():
            if isinstance(piece, str):
                self._check_piece(places[name], name, piece)

    def _check_piece(self, path: Path, name: str, piece: str) -> None:
        """Check a piece as far as possible without the pieces that it calls."""
        try:
            compiled(self.vocabulary.marked(piece)[0])
        except KeyError as error:
            raise _missing_piece(path, name, error) from error
        except ValueError as error:
            raise RuleError(f"{path}: {name}: {shown(piece)} does not compile: {error}") from error

    def rules(self, path: Path, rule_id: str) -> list[RuleFile]:
        """Read one rule file: one rule, or several under ``[rules.<name>]``, each with the id of the file and its name.

        Raises RuleError naming the file, the key and the fix for anything unknown, missing or wrong.
        """
        table = read_toml(path)
        if "rules" not in table:
            return [self._rule(path, table, rule_id)]
        for name in table:
            if name != "rules":
                raise _fail(path, name, "is outside [rules]", "move it into one of them, under [rules.<name>]")
        rules = table["rules"]
        if not isinstance(rules, dict) or not rules or not all([isinstance(rule, dict) for rule in rules.values()]):
            raise _fail(path, "rules", "is not a table of rules", "write each under [rules.<name>]")
        for name in rules:
            if not _NAME.fullmatch(name):
                raise _fail(
                    path, f"rules.{name}", "cannot be part of a rule id", "use lower-case letters, digits and hyphens"
                )
        found = []
        for name, rule in rules.items():
            try:
                found.append(self._rule(path, rule, f"{rule_id}/{name}"))
            except RuleError as error:
                raise RuleError(str(error).replace(f"{path}: ", f"{path}: rules.{name}: ", 1)) from error
        return found

    def _rule(self, path: Path, table: dict[str, Any], rule_id: str) -> RuleFile:
        if "kind" not in table:
            raise _fail(path, "kind", "is missing", f"use one of {', '.join(KINDS)}")
        kind = KINDS[self._value(path, "kind", table["kind"], COMMON["kind"], rule_id)]
        if has_old_names := is_old(table):
            table = renewed(table)
        fields = {**COMMON, **kind.fields}
        for name in table:
            if name not in fields:
                raise _unknown(path, name, list(fields))
        values: dict[str, Any] = {}
        for name, field in fields.items():
            if name in table:
                values[name] = self._value(path, name, table[name], field, rule_id)
            elif field.default is REQUIRED:
                raise _fail(path, name, "is missing", f"it is {field.meaning}")
            else:
                values[name] = field.default
        if "Price:" not in table["why"]:
            raise _fail(
                path, "why", "does not name its price", 'end it with "Price: " and what the rule will get wrong'
            )
        languages = {language for name in kind.fields if isinstance(values[name], dict) for language in values[name]}
        try:
            check_near_misses(values["examples"], languages)
        except ExampleError as error:
            where = f"examples.{error.where}" if error.where else "examples"
            raise _fail(path, where, error.what, error.cure) from error
        reach = _REACH[values["where"]] if values["reach"] is None else values["reach"]
        evidence = values["evidence"] or kind.evidence
        spec = {name: values[name] for name in kind.fields}
        if kind.prepare is not None:
            try:
                spec = kind.prepare(spec, self.vocabulary)
            except ValueError as error:
                raise RuleError(f"{path}: {error}") from error
        for name in kind.sought:
            if kind.fields[name].type == "patterns":
                _bound(spec[name], *kind.bounds(spec))
        rule = Rule(
            rule_id,
            kind.name,
            values["preset"],
            values["where"],
            reach,
            evidence,
            spec,
            values["replaces"],
            values["evidence_in_body"] or "",
        )
        return RuleFile(path, rule, table["why"].strip(), values["examples"], table, has_old_names)

    def _value(self, path: Path, name: str, value: Any, field: Field, rule_id: str) -> Any:
        """Check one value against its field and return it in the form that a ``Rule`` holds."""
        if field.type == "word" and value not in field.words:
            raise _fail(path, name, f"is {value!r}", f"use one of {', '.join(field.words)}")
        if field.type == "number" and (
            not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= LARGEST
        ):
            raise _fail(path, name, f"is {value!r}", f"use a whole number from 0 to {LARGEST:,}")
        if field.type == "flag" and not isinstance(value, bool):
            raise _fail(path, name, f"is {value!r}", "use true or false")
        if field.type == "text" and (not isinstance(value, str) or not value.strip()):
            raise _fail(path, name, "is empty", "say it in a sentence or two")
        if field.type == "texts" and not _are_texts(value):
            raise _fail(path, name, "is not a list of texts", 'write ["…", "…"]')
        if field.type == "entries" and not (
            isinstance(value, list) and all([isinstance(entry, dict) for entry in value])
        ):
            raise _fail(path, name, "is not a list of tables", 'write [{text = "…"}, {text = "…"}]')
        if field.type == "examples":
            return read_examples(path, value)
        if field.type == "phrases":
            return {
                language: _keys(path, f"{name}.{language}", entries)
                for language, entries in _lists(path, name, value).items()
            }
        if field.type == "patterns":
            return {
                language: [self._pattern(path, name, on_one_line(entry), language, rule_id) for entry in entries]
                for language, entries in _lists(path, name, value).items()
            }
        if field.check is not None:
            try:
                return field.check(value)
            except ValueError as error:
                raise RuleError(f"{path}: {name}: {error}") from error
        return value

    def _pattern(self, path: Path, name: str, source: str, language: str, rule_id: str) -> Pattern:
        """Return a pattern, compiled."""
        where = f"{name}.{language}"
        pattern = Pattern(source, language, rule_id, name, self.vocabulary, Required())
        try:
            self.vocabulary.marked(source)
            pattern.compile()
            pattern.required = self._literals.required(source, language)
            matches_nothing = pattern.fullmatch("") is not None
        except KeyError as error:
            raise _missing_piece(path, where, error) from error
        except (PatternTimeoutError, RuleError) as error:
            raise RuleError(f"{path}: {where}: {str(error).partition(': ')[2]}") from error
        if matches_nothing:
            raise _fail(
                path, where, f"the pattern {shown(source)} matches an empty line", "ask for at least one character"
            )
        return pattern


def _bound(patterns: Mapping[str, Sequence[Pattern]], longest: int, words: int) -> None:
    """Limit patterns to lines of at most this length, in code points and words."""
    for own in patterns.values():
        for pattern in own:
            asked = pattern.required
            pattern.required = asked._replace(longest=min(asked.longest, longest), words=min(asked.words, words))


def _missing_piece(path: Path, where: str, error: KeyError) -> RuleError:
    return _fail(
        path, where, f"calls (?&{error.args[0]}), which does not exist", f"add it to a file {VOCABULARY}/<subject>.toml"
    )


def _lists(path: Path, name: str, value: object) -> dict[str, list[str]]:
    if not isinstance(value, dict) or not value:
        raise _fail(path, name, "is not a table of languages", f'write [{name}] and under it en = ["…"]')
    for language, entries in value.items():
        where = f"{name}.{language}"
        _check_language(path, where, language)
        if not _are_texts(entries) or not entries:
            raise _fail(path, where, "is not a list of texts", 'write ["…", "…"]')
        if len(set(entries)) < len(entries):
            twice = next(entry for entry in entries if entries.count(entry) > 1)
            raise _fail(path, where, f"{twice!r} is there twice", "remove one")
    return value


def _check_language(path: Path, where: str, language: str) -> None:
    if not _LANGUAGE.fullmatch(language):
        raise _fail(path, where, "is not a language", 'use a BCP 47 code such as "pt-BR", or "und"')


def _keys(path: Path, where: str, phrases: Sequence[str]) -> list[str]:
    """Return the keys of phrases; none may be empty or repeated."""
    keys: dict[str, str] = {}
    for phrase in phrases:
        phrase_key = key(phrase)
        if not phrase_key:
            raise _fail(path, where, f"{phrase!r} has no letter or digit", 'use kind = "pattern"')
        if phrase_key in keys:
            raise _fail(path, where, f"{phrase!r} is the same as {keys[phrase_key]!r} once folded", "remove one")
        keys[phrase_key] = phrase
    return list(keys)


def read_examples(path: Path, value: object) -> tuple[Example, ...]:
    """Read the examples of a rule file; raises RuleError for one that cannot be read."""
    if not isinstance(value, dict) or not value:
        raise _fail(path, "examples", "is not a table of languages", 'write [examples] and under it en = """…"""')
    found: list[Example] = []
    for language, entries in value.items():
        where = f"examples.{language}"
        _check_language(path, where, language)
        for entry in entries if isinstance(entries, list) else [entries]:
            for name in entry if isinstance(entry, dict) else ():
                if name not in _OF_EXAMPLES:
                    raise _unknown(path, name, _OF_EXAMPLES, f"{where}.")
            try:
                found.append(read_example(language, entry))
            except ExampleError as error:
                raise _fail(path, ", ".join(filter(None, (where, error.where))), error.what, error.cure) from error
    return tuple(found)


def read_folder(folder: Path, vocabulary: Vocabulary | None = None) -> tuple[list[RuleFile], Vocabulary]:
    """Read every rule below a folder, or one rule file; return the rules by id, and the vocabulary with the folder's pieces added."""
    reader = RuleReader(vocabulary or Vocabulary({}))
    if folder.exists() and not folder.is_dir():
        return reader.rules(folder, id_of(folder, Path(folder.name))), reader.vocabulary
    if not folder.is_dir():
        raise RuleError(f"{folder}: is neither a folder nor a file of rules; check the path")
    pieces, paths = rule_paths(folder)
    reader.add_pieces(pieces)
    if not paths:
        raise RuleError(f"{folder}: holds no rule; a rule is a file <family>/<rule>.toml")
    found = [reader.rules(path, id_of(path, path.relative_to(folder))) for path in paths]
    return [file for files in found for file in files], reader.vocabulary


def rule_tables(folder: Path) -> dict[str, tuple[Path, dict[str, Any]]]:
    """Return the rules of a file, or below a folder, by id: each with its path and its unchecked table."""
    found: dict[str, tuple[Path, dict[str, Any]]] = {}
    is_file = folder.is_file()
    for path in [folder] if is_file else rule_paths(folder)[1]:
        rule_id, table = id_of(path, Path(path.name) if is_file else path.relative_to(folder)), read_toml(path)
        for name, own in table["rules"].items() if "rules" in table else [("", table)]:
            found[f"{rule_id}/{name}" if name else rule_id] = path, own
    return found


def rule_paths(folder: Path) -> tuple[list[Path], list[Path]]:
    """Return the files below a folder that hold pieces of the vocabulary, and those that hold rules."""
    paths = toml_files(folder)
    pieces = [path for path in paths if VOCABULARY in (path.stem, path.parent.name)]
    return pieces, [path for path in paths if path not in pieces]


def id_of(path: Path, relative: Path) -> str:
    """Return the id of a rule, which is its path below its folder; raises RuleError for a bad name."""
    parts = relative.with_suffix("").parts
    for part in parts:
        if not _NAME.fullmatch(part):
            raise _fail(path, part, "cannot be part of a rule id", "use lower-case letters, digits and hyphens")
    return "/".join(parts)
