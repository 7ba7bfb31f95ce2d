"""What is learning a site's boilerplate from its own pages worth, and how does it scale?

    python benchmarks/learn.py [FOLDER...] [--systems NAME,...] [--taken] [--documents N... [--sites N]]

For every system of a folder of many pages of few sites (``corpora.py``) the rules are learned from that system's texts,
never from what people marked, and work on top of the preset ``body``. Printed are F1, precision and recall as in
``quality.py``: before; after a naive count (a line that stands on three or more pages of its site goes); after rules
learned from all pages; from the other half of the pages; from five pages of each site. Then what must hold: the same
rules from a corpus with every article three times over, the same bytes in another order, and a rule file that passes its
own test. ``--taken`` lists the lines taken that the article holds.

``--documents N`` learns from so many generated pages (``mixed.py``), with ``cleaner learn``, and prints its time and the
peak of memory of all its processes.
"""

from __future__ import annotations

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
from benchmarks.running import watch
from benchmarks.tables import Row, named, parser_of, table
from cleaner import Cleaner
from cleaner.learning.run import LearnedRules
from cleaner.proof.selftest import failures, suite
from cleaner.text.folding import key

NAIVE = 3  # pages of a site that a line stands on
FEW = 5  # pages of a site that are little to learn from
MANY = 10  # pages of a site in the mean, from which something can be learned
COPIES = 3
PRESET = "body"
Texts = Mapping[str, str]


def is_of_sites(corpus: Corpus) -> bool:
    """Tell whether a corpus has many pages of few sites, so that something can be learned."""
    marked = [document for document in corpus.documents if document.gold is not None]
    return bool(marked) and len(marked) >= MANY * len({document.site for document in marked})


class Learned:
    """One system of a corpus: its texts, before and after each way to learn."""

    def __init__(self, corpus: Corpus, system: str) -> None:
        self.documents = [document for document in corpus.documents if document.gold is not None]
        self._system = system
        self._by_site: dict[str, list[Document]] = defaultdict(list)
        for document in self.documents:
            self._by_site[document.site].append(document)
        self._folder = tempfile.TemporaryDirectory()
        plain = Cleaner(preset=PRESET)
        self.before = {document.id: plain.clean(document.outputs[system]) for document in self.documents}

    def f1(self) -> dict[str, float]:
        """Return F1 with rules learned from all pages, and from five pages of each site."""
        ways = {"learned": self.documents, f"learned-{FEW}": self.few()}
        return {
            name: self.score(self.cleaned(self.documents, self.learn(documents))).f1 for name, documents in ways.items()
        }

    def few(self) -> list[Document]:
        """Return five pages of each site, evenly spread."""
        return [own[place * len(own) // FEW] for own in self._by_site.values() for place in range(min(FEW, len(own)))]

    def learn(self, documents: Iterable[Document], copies: int = 1) -> LearnedRules:
        """Learn rules from the texts of some pages, each so many times over."""
        return cleaner.learn(
            {"id": f"{document.id}{'-copy' * copy}", "site": document.site, "text": document.outputs[self._system]}
            for document in documents
            for copy in range(copies)
        )

    def cleaned(self, documents: Iterable[Document], rules: LearnedRules) -> Texts:
        """Return some pages cleaned with learned rules."""
        if not rules.rules:
            return {document.id: self.before[document.id] for document in documents}
        learned = Cleaner(preset=PRESET, rules=[self.written(rules)])
        texts = ((document, document.outputs[self._system]) for document in documents)
        return {document.id: learned.clean(text, site=document.site) for document, text in texts}

    def written(self, rules: LearnedRules) -> Path:
        """Write learned rules to a file."""
        path = Path(self._folder.name) / "rules.toml"
        rules.write(path)
        return path

    def naive(self) -> Texts:
        """Return the pages without the lines that stand on many pages of their site."""
        counts: dict[str, Counter[str]] = defaultdict(Counter)
        for document in self.documents:
            lines = cleaner.normalize(document.outputs[self._system]).split("\n")
            counts[document.site].update({key(line) for line in lines} - {""})
        return {
            one.id: "\n".join(line for line in self.before[one.id].split("\n") if counts[one.site][key(line)] < NAIVE)
            for one in self.documents
        }

    def from_other_half(self) -> Texts:
        """Return every second page of a site cleaned with what the others teach, both ways round."""
        halves = [[document for own in self._by_site.values() for document in own[half::2]] for half in (0, 1)]
        return {
            **self.cleaned(halves[1], self.learn(halves[0])),
            **self.cleaned(halves[0], self.learn(halves[1])),
        }

    def score(self, texts: Texts | None = None, documents: Sequence[Document] = ()) -> Score:
        """Return the score of some texts, or of those as extracted."""
        matches = []
        for document in documents or self.documents:
            neutral = Neutral(document.titles, document.optional)
            text = document.outputs[self._system] if texts is None else texts[document.id]
            gold, own = (tokens("\n".join(neutral.without(one))) for one in (document.gold or "", text))
            matches.append(match(gold, own))
        return score(matches)

    def worse_sites(self, texts: Texts) -> Iterator[tuple[str, float]]:
        """Yield the sites that learning made worse, with the fall of F1."""
        for site, own in sorted(self._by_site.items()):
            if (fall := self.score(self.before, own).f1 - self.score(texts, own).f1) > 0:
                yield site, fall

    def taken(self, after: Texts) -> Iterator[tuple[str, str, int]]:
        """Yield the lines that learned rules took though the article holds them: site, line, and on how many pages."""
        found: Counter[tuple[str, str]] = Counter()
        for document in self.documents:
            neutral = Neutral(document.titles, document.optional)
            article = Article(neutral.without(document.gold or ""))
            gone = Counter(self.before[document.id].split("\n")) - Counter(after[document.id].split("\n"))
            found.update({(document.site, line) for line in gone if line not in neutral and article.holds(line)})
        for (site, line), count in found.most_common():
            yield site, line, count

    def promises(self, rules: LearnedRules) -> Iterator[tuple[str, bool]]:
        """Yield what must hold, and whether it does."""
        yield "every article three times over: the same rules", self.learn(self.documents, COPIES).text == rules.text
        shuffled = list(self.documents)
        random.Random(1).shuffle(shuffled)
        yield "in another order: the same bytes", self.learn(shuffled).text == rules.text
        yield "passes `cleaner rules test`", not rules.rules or not any(failures(suite(self.written(rules))))


def report(learned: Learned, taken: bool) -> bool:
    """Print everything about one system; return whether all that must hold does."""
    rules = learned.learn(learned.documents)
    after = learned.cleaned(learned.documents, rules)
    few = learned.cleaned(learned.documents, learned.learn(learned.few()))
    ways: dict[str, Texts | None] = {
        "as extracted": None,
        PRESET: learned.before,
        f"naive, {NAIVE} pages": learned.naive(),
        "learned": after,
        "from the other half": learned.from_other_half(),
        f"from {FEW} pages a site": few,
    }
    scores = {name: learned.score(texts) for name, texts in ways.items()}
    recall = scores[PRESET].recall
    rows: list[Row] = [
        {"way": name, **one._asdict(), "recall_change": one.recall - recall} for name, one in scores.items()
    ]
    print(
        *table(rows, {"way": "", "f1": ".4f", "precision": ".4f", "recall": ".4f", "recall_change": "+.4f"}), sep="\n"
    )
    for name, texts in (("learned", after), (f"from {FEW} pages", few)):
        for site, fall in learned.worse_sites(texts):
            print(f"  {name}: {site} is worse by {fall:.4f} of F1")
    for site, line, count in learned.taken(after) if taken else ():
        print(f"  taken on {count} pages of {site}: {line[:120]}")
    promises = list(learned.promises(rules))
    for name, holds in promises:
        print(f"  {'holds' if holds else 'FAILS'}: {name}")
    return all(holds for _, holds in promises)


def scale(number: int, sites: int) -> None:
    """Learn from generated pages, and print what that takes."""
    with tempfile.TemporaryDirectory() as folder:
        source, rules = Path(folder) / "pages.jsonl", Path(folder) / "rules.toml"
        with source.open("w", encoding="utf-8") as file:
            file.writelines(json.dumps(page, ensure_ascii=False) + "\n" for page in pages(number, sites))
        took = watch([sys.executable, "-m", "cleaner", "learn", str(source), "-o", str(rules)])
        print(
            f"{number:,} pages of {sites:,} sites, {source.stat().st_size / 1e6:,.0f} MB: {took.seconds:,.0f} s, "
            f"{number / took.seconds:,.0f} pages/s, {took.cpu:,.0f} s of CPU, peak {took.peak / 1e6:,.0f} MB, "
            f"{len(tomllib.loads(rules.read_text(encoding='utf-8'))['rules']):,} rules of {rules.stat().st_size / 1e6:.1f} MB",
            flush=True,
        )


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark and return the exit code: 2 for a folder that cannot be used, 1 where something does not hold, else 0."""
    parser = parser_of(__doc__, "learn")
    parser.add_argument("folders", nargs="*", type=Path, metavar="FOLDER", help="many pages of few sites")
    parser.add_argument("--systems", default="", help="with commas: only these systems' outputs")
    parser.add_argument("--taken", action="store_true", help="list lines taken that the article holds")
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
