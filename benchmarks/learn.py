"""How much does learning a site's boilerplate from its own pages improve, and how does it scale?

    python benchmarks/learn.py [FOLDER...] [--systems NAME,...] [--taken] [--documents N... [--sites N]]

For every system of a folder of many pages of few sites (``corpora.py``), rules are learned from that system's texts, never
from the marks of people, and work on top of the preset ``body``. Prints F1, precision and recall as in ``quality.py``:
before; after a naive count (a line on three or more pages of its site goes); after rules learned from all pages; from the
other half of the pages; from five pages of each site. Then checks: the same rules from a corpus with every article three
times over, the same bytes in another order, and a rule file that passes its own test. ``--taken`` lists the lines taken
that are in the article.

``--documents N`` learns from N generated pages (``mixed.py``) with ``cleaner learn``, and prints its time and the peak
memory of all its processes.
"""

from __future__ import annotations

import json
import random
import sys
import tempfile
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # so that it runs as a file, too

import cleaner
from benchmarks.corpora import Corpus, CorpusError, read_corpus
from benchmarks.measures import Article, Neutral, Score, match, score, tokens
from benchmarks.mixed import pages
from benchmarks.running import watch
from benchmarks.tables import Row, cut, named, parser_of, table
from cleaner import Cleaner
from cleaner.learning.run import LearnedRules
from cleaner.proof.selftest import failures, suite
from cleaner.text.folding import key

NAIVE = 3  # pages of a site that have a line
FEW = 5  # pages of a site: little to learn from
MANY = 10  # pages of a site on average: enough to learn from
COPIES = 3
PRESET = "body"
Texts = Mapping[str, str]


def is_of_sites(corpus: Corpus) -> bool:
    """Tell whether a corpus has many pages of few sites, so that something can be learned."""
    marked = [document for document in corpus.documents if document.gold is not None]
    return bool(marked) and len(marked) >= MANY * len({document.site for document in marked})


class Learned:
    """One system of a corpus: its texts, before and after each way to learn, all by the ids of their documents."""

    def __init__(self, corpus: Corpus, system: str) -> None:
        self.documents = {document.id: document for document in corpus.documents if document.gold is not None}
        self.texts = {id: document.outputs[system] for id, document in self.documents.items()}
        self.neutral = {id: Neutral(one.titles, one.optional) for id, one in self.documents.items()}
        self.sites: dict[str, list[str]] = defaultdict(list)
        for document in self.documents.values():
            self.sites[document.site].append(document.id)
        plain = Cleaner(preset=PRESET)
        self.before = {id: plain.clean(text) for id, text in self.texts.items()}
        self._folder = tempfile.TemporaryDirectory()

    def some(self, count: int) -> list[str]:
        """Return at most ``count`` pages of each site, evenly spread."""
        return [own[place * len(own) // count] for own in self.sites.values() for place in range(min(count, len(own)))]

    def learn(self, ids: Iterable[str], copies: int = 1) -> LearnedRules:
        """Learn rules from some pages, each in several copies."""
        return cleaner.learn(
            {"id": f"{id}{'-copy' * copy}", "site": self.documents[id].site, "text": self.texts[id]}
            for id in ids
            for copy in range(copies)
        )

    def cleaned(self, ids: Iterable[str], rules: LearnedRules) -> Texts:
        """Return some pages cleaned with learned rules."""
        if not rules.rules:
            return {id: self.before[id] for id in ids}
        learned = Cleaner(preset=PRESET, rules=[self.written(rules)])
        return {id: learned.clean(self.texts[id], site=self.documents[id].site) for id in ids}

    def written(self, rules: LearnedRules) -> Path:
        """Write learned rules to a file."""
        path = Path(self._folder.name) / "rules.toml"
        rules.write(path)
        return path

    def naive(self) -> Texts:
        """Return the pages without the lines that are on many pages of their site."""
        left = {}
        for ids in self.sites.values():
            keys = ({key(line) for line in cleaner.normalize(self.texts[id]).split("\n")} for id in ids)
            counts = Counter(line for own in keys for line in own if line)
            for id in ids:
                left[id] = "\n".join(line for line in self.before[id].split("\n") if counts[key(line)] < NAIVE)
        return left

    def from_other_half(self) -> Texts:
        """Return each half of a site's pages cleaned with the rules learned from the other half."""
        one, other = ([id for own in self.sites.values() for id in own[half::2]] for half in (0, 1))
        return {**self.cleaned(other, self.learn(one)), **self.cleaned(one, self.learn(other))}

    def score(self, texts: Texts, ids: Iterable[str] = ()) -> Score:
        """Return the score of some pages, or of all."""
        return score(
            match(
                *(
                    tokens("\n".join(self.neutral[id].without(one)))
                    for one in (self.documents[id].gold or "", texts[id])
                )
            )
            for id in ids or self.documents
        )

    def f1(self) -> dict[str, float]:
        """Return F1 with rules learned from all pages, and from a few of each site."""
        ways = {"learned": self.documents, f"learned-{FEW}": self.some(FEW)}
        return {name: self.score(self.cleaned(self.documents, self.learn(ids))).f1 for name, ids in ways.items()}

    def taken(self, after: Texts) -> Counter[tuple[str, str]]:
        """Count the pages on which learned rules took a line of the article, by site and line."""
        found: Counter[tuple[str, str]] = Counter()
        for id, document in self.documents.items():
            article = Article(self.neutral[id].without(document.gold or ""))
            gone = Counter(self.before[id].split("\n")) - Counter(after[id].split("\n"))
            found.update((document.site, line) for line in gone if line not in self.neutral[id] and article.holds(line))
        return found

    def promises(self, rules: LearnedRules) -> dict[str, bool]:
        """Return each promise, and whether it holds."""
        shuffled = list(self.documents)
        random.Random(1).shuffle(shuffled)
        return {
            "every article three times over: the same rules": self.learn(self.documents, COPIES).text == rules.text,
            "in another order: the same bytes": self.learn(shuffled).text == rules.text,
            "passes `cleaner rules test`": not rules.rules or not any(failures(suite(self.written(rules)))),
        }


def report(learned: Learned, is_listing: bool) -> bool:
    """Print everything about one system; return whether all promises hold."""
    rules = learned.learn(learned.documents)
    after = learned.cleaned(learned.documents, rules)
    ways = {
        "as extracted": learned.texts,
        PRESET: learned.before,
        f"naive, {NAIVE} pages": learned.naive(),
        "learned": after,
        "from the other half": learned.from_other_half(),
        f"from {FEW} pages a site": learned.cleaned(learned.documents, learned.learn(learned.some(FEW))),
    }
    rows: list[Row] = [{"way": name, **learned.score(texts)._asdict()} for name, texts in ways.items()]
    for row in rows:
        row["recall_change"] = row["recall"] - rows[1]["recall"]
    print(
        *table(rows, {"way": "", "f1": ".4f", "precision": ".4f", "recall": ".4f", "recall_change": "+.4f"}), sep="\n"
    )
    for site, ids in learned.sites.items():
        if (change := learned.score(after, ids).f1 - learned.score(learned.before, ids).f1) < 0:
            print(f"  {site} is worse: {change:+.4f} of F1")
    for (site, line), count in learned.taken(after).most_common() if is_listing else ():
        print(f"  taken on {count} pages of {site}: {cut(line)}")
    promises = learned.promises(rules)
    for name, holds in promises.items():
        print(f"  {'holds' if holds else 'FAILS'}: {name}")
    return all(promises.values())


def scale(number: int, sites: int) -> None:
    """Learn from generated pages, and print the time and memory."""
    with tempfile.TemporaryDirectory() as folder:
        source, rules = Path(folder) / "pages.jsonl", Path(folder) / "rules.toml"
        with source.open("w", encoding="utf-8") as file:
            file.writelines(json.dumps(page, ensure_ascii=False) + "\n" for page in pages(number, sites))
        took = watch([sys.executable, "-m", "cleaner", "learn", str(source), "-o", str(rules)])
        count = len(tomllib.loads(rules.read_text(encoding="utf-8"))["rules"])
        print(
            f"{number:,} pages of {sites:,} sites, {source.stat().st_size / 1e6:,.0f} MB: {took.seconds:,.0f} s, "
            f"{number / took.seconds:,.0f} pages/s, {took.cpu:,.0f} s of CPU, peak {took.peak / 1e6:,.0f} MB, "
            f"{count:,} rules of {rules.stat().st_size / 1e6:.1f} MB"
        )


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark and return the exit code: 2 for a folder that cannot be used, 1 if a promise does not hold, else 0."""
    parser = parser_of(__doc__, "learn")
    parser.add_argument("folders", nargs="*", type=Path, metavar="FOLDER", help="many pages of few sites")
    parser.add_argument("--systems", default="", help="with commas: only these systems' outputs")
    parser.add_argument("--taken", action="store_true", help="list lines taken that are in the article")
    parser.add_argument("--documents", type=int, nargs="+", default=[], metavar="N", help="learn from N made-up pages")
    parser.add_argument("--sites", type=int, default=1000, metavar="N", help="of N sites (default: %(default)s)")
    options = parser.parse_args(arguments)
    for number in options.documents:
        scale(number, options.sites)
    holds = True
    for folder in options.folders:
        try:
            corpus = read_corpus(folder, named(options.systems))
        except CorpusError as error:
            print(error, file=sys.stderr)
            return 2
        for system in corpus.systems:
            print(f"\n## {corpus.name}: {system}\n")
            holds &= report(Learned(corpus, system), options.taken)
    return 0 if holds else 1


if __name__ == "__main__":
    sys.exit(main())
