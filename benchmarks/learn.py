"""Measures what learning a site's boilerplate from its own pages is worth, and how it scales.

    python benchmarks/learn.py [FOLDER...] [--documents N...]

For every system of a folder (see ``corpora.py``; a document's site is the host of its ``url``) the rules are learned from that
system's texts, never from what people marked, and work on top of the preset ``body``. Printed are F1, precision and recall as in
``quality.py``: before; after a naive count (a line that stands on three or more pages of its site goes); after rules learned from
all pages; from the other half of the pages; from five pages of each site. Then what must hold: the same rules from a corpus
with every article three times over, the same bytes in another order, and a rule file that passes its own test. ``--taken`` lists the lines
taken that the article holds.

``--documents N`` generates so many pages of sites (see ``mixed.py``) instead, as JSONL, learns from them with ``cleaner learn``, and prints
its time and the peak memory of its whole process tree.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # so that it runs as a file, too

import cleaner
from benchmarks.corpora import Corpus, CorpusError, Document, read_corpus
from benchmarks.measures import Article, Neutral, Score, match, score, tokens
from benchmarks.mixed import pages
from benchmarks.trees import watch
from cleaner.cleaning import Cleaner
from cleaner.learning.run import LearnedRules
from cleaner.proof.selftest import failures, suite
from cleaner.text.folding import key

NAIVE = 3  # pages of a site that a line stands on
FEW = 5  # pages of a site that are little to learn from
MANY = 10  # pages of a site in the mean, from which something can be learned
COPIES = 3
PRESET = "body"
Texts = Mapping[str, str]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark and return the exit code: 2 for a folder that cannot be used, 1 where something does not hold, else 0."""
    parser = argparse.ArgumentParser(prog="benchmarks/learn.py", description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("folders", nargs="*", type=Path, metavar="FOLDER", help="holds ground-truth.json and output/")
    parser.add_argument("--systems", default="", help="comma-separated: only these systems' outputs")
    parser.add_argument("--taken", action="store_true", help="list lines taken that the article holds")
    parser.add_argument(
        "--documents", type=int, nargs="+", default=[], metavar="N", help="learn from N generated pages"
    )
    parser.add_argument("--sites", type=int, default=1000, metavar="N", help="of N sites (default: 1000)")
    options = parser.parse_args(arguments)
    for number in options.documents:
        _scale(number, options.sites)
    holds = True
    for folder in options.folders:
        try:
            corpus = read_corpus(folder)
        except CorpusError as error:
            print(error, file=sys.stderr)
            return 2
        for system in corpus.systems:
            if not options.systems or system in options.systems.split(","):
                print(f"\n{corpus.name}: {system}")
                holds &= _Measured(corpus, system).report(options.taken)
    return 0 if holds else 1


def is_of_sites(corpus: Corpus) -> bool:
    """Tell whether a corpus has many pages of few sites, so that something can be learned."""
    sites = {document.site for document in corpus.documents}
    return len(corpus.documents) >= MANY * len(sites)


def learned_f1(corpus: Corpus) -> Iterator[tuple[str, str, float]]:
    """Go through the systems of a corpus with F1 after rules learned from all pages, and from five pages a site."""
    for system in corpus.systems:
        measured = _Measured(corpus, system)
        for name, f1 in measured.f1():
            yield system, name, f1


def _scale(number: int, sites: int) -> None:
    """Learn from generated pages, and print what that takes."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "pages.jsonl"
        with source.open("w", encoding="utf-8") as file:
            file.writelines(json.dumps(page, ensure_ascii=False) + "\n" for page in pages(number, sites))
        rules = Path(folder) / "rules.toml"
        watched = watch([sys.executable, "-m", "cleaner", "learn", str(source), "-o", str(rules)])
        print(
            f"{number:,} pages of {sites:,} sites, {source.stat().st_size / 1e6:,.0f} MB: {watched.seconds:,.0f} s, "
            f"{number / watched.seconds:,.0f} pages/s, {watched.cpu:,.0f} s of CPU, peak {watched.peak / 1e6:,.0f} MB, "
            f"{len(tomllib.loads(rules.read_text(encoding='utf-8'))['rules']):,} rules of {rules.stat().st_size / 1e6:.1f} MB",
            flush=True,
        )


class _Measured:
    """One system of a corpus: its texts, before and after each way to learn."""

    def __init__(self, corpus: Corpus, system: str) -> None:
        self._documents = [document for document in corpus.documents if document.gold is not None]
        self._system = system
        self._by_site: dict[str, list[Document]] = defaultdict(list)
        for document in self._documents:
            self._by_site[document.site].append(document)
        self._folder = tempfile.TemporaryDirectory()
        plain = Cleaner(preset=PRESET)
        self._before = {document.id: plain.clean(document.outputs[system]) for document in self._documents}

    def f1(self) -> Iterator[tuple[str, float]]:
        """Go through ways to learn, each with F1."""
        for name, documents in (("learned", self._documents), (f"learned-{FEW}", self._few())):
            yield name, self._score(self._cleaned(self._documents, self._learn(documents))).f1

    def _few(self) -> list[Document]:
        return [document for own in self._by_site.values() for document in _spread(own, FEW)]

    def report(self, taken: bool) -> bool:
        """Print everything; return whether all that must hold does."""
        every = self._learn(self._documents)
        after = self._cleaned(self._documents, every)
        few_after = self._cleaned(self._documents, self._learn(self._few()))
        before = self._score(self._before)
        extracted = self._score({document.id: document.outputs[self._system] for document in self._documents})
        print(
            "                       F1     precision recall   recall±  of the gain over the preset, over the text as extracted"
        )
        _print("as extracted", extracted)
        _print(f"{PRESET}", before)
        _print(f"naive, {NAIVE} pages", self._score(self._naive()), before)
        whole = self._score(after)
        _print("learned", whole, before, whole)
        _print("from the other half", self._score(self._from_other_half()), before, whole, extracted)
        _print(f"from {FEW} pages a site", self._score(few_after), before, whole, extracted)
        for name, texts in (("learned", after), (f"from {FEW} pages", few_after)):
            for site, change in self._worse(texts):
                print(f"  {name}: {site} is worse by {change:.4f} of F1")
        if taken:
            self._print_taken(after)
        return all([self._holds(name, is_so) for name, is_so in self._promises(every)])

    def _learn(self, documents: Iterable[Document], copies: int = 1) -> LearnedRules:
        return cleaner.learn(
            {"id": f"{document.id}{'-copy' * copy}", "site": document.site, "text": document.outputs[self._system]}
            for document in documents
            for copy in range(copies)
        )

    def _written(self, rules: LearnedRules) -> Path:
        path = Path(self._folder.name) / "rules.toml"
        rules.write(path)
        return path

    def _cleaned(self, documents: Iterable[Document], rules: LearnedRules) -> Texts:
        if not rules.rules:
            return {document.id: self._before[document.id] for document in documents}
        learned = Cleaner(preset=PRESET, rules=[self._written(rules)])
        return {
            document.id: learned.clean(document.outputs[self._system], site=document.site) for document in documents
        }

    def _naive(self) -> Texts:
        counts: dict[str, Counter[str]] = defaultdict(Counter)
        for document in self._documents:
            lines = cleaner.normalize(document.outputs[self._system]).split("\n")
            counts[document.site].update({key(line) for line in lines} - {""})
        return {
            document.id: "\n".join(
                line for line in self._before[document.id].split("\n") if counts[document.site][key(line)] < NAIVE
            )
            for document in self._documents
        }

    def _from_other_half(self) -> Texts:
        """Learn on every second page of a site and clean the others, both ways round."""
        halves: tuple[list[Document], list[Document]] = ([], [])
        for own in self._by_site.values():
            for half in (0, 1):
                halves[half].extend(own[half::2])
        return {**self._cleaned(halves[1], self._learn(halves[0])), **self._cleaned(halves[0], self._learn(halves[1]))}

    def _score(self, texts: Texts, documents: Sequence[Document] | None = None) -> Score:
        matches = []
        for document in documents or self._documents:
            neutral = Neutral(document.titles, document.optional)
            gold, text = (neutral.without(each) for each in (document.gold or "", texts[document.id]))
            matches.append(match(tokens("\n".join(gold)), tokens("\n".join(text))))
        return score(matches)

    def _worse(self, texts: Texts) -> Iterator[tuple[str, float]]:
        for site, own in sorted(self._by_site.items()):
            change = self._score(texts, own).f1 - self._score(self._before, own).f1
            if change < 0:
                yield site, -change

    def _print_taken(self, after: Texts) -> None:
        found: Counter[tuple[str, str]] = Counter()
        for document in self._documents:
            neutral = Neutral(document.titles, document.optional)
            article = Article("\n".join(neutral.without(document.gold or "")))
            gone = Counter(self._before[document.id].split("\n")) - Counter(after[document.id].split("\n"))
            found.update({(document.site, line) for line in gone if line not in neutral and article.holds(line)})
        for (site, line), count in sorted(found.items(), key=lambda item: (-item[1], item[0])):
            print(f"  taken on {count} pages of {site}: {line[:120]}")

    def _promises(self, rules: LearnedRules) -> Iterator[tuple[str, bool]]:
        yield "every article three times over: the same rules", self._learn(self._documents, COPIES).text == rules.text
        shuffled = list(self._documents)
        random.Random(1).shuffle(shuffled)
        yield "in another order: the same bytes", self._learn(shuffled).text == rules.text
        yield "passes `cleaner rules test`", not rules.rules or not any(failures(suite(self._written(rules))))

    def _holds(self, name: str, is_so: bool) -> bool:
        print(f"  {'holds' if is_so else 'FAILS'}: {name}")
        return is_so


def _spread(documents: Sequence[Document], count: int) -> list[Document]:
    """Return some documents, evenly spread over all."""
    return [documents[place * len(documents) // count] for place in range(min(count, len(documents)))]


def _print(
    name: str,
    score: Score,
    before: Score | None = None,
    whole: Score | None = None,
    extracted: Score | None = None,
) -> None:
    change = "" if before is None else f"{score.recall - before.recall:+.4f}"
    gain = "  ".join(
        f"{(score.f1 - base.f1) / (whole.f1 - base.f1):.1%}"
        for base in (before, extracted)
        if base is not None and whole is not None and whole.f1 != base.f1
    )
    print(f"  {name:<20} {score.f1:.4f} {score.precision:.4f}    {score.recall:.4f}   {change:<8} {gain}")


if __name__ == "__main__":
    sys.exit(main())
