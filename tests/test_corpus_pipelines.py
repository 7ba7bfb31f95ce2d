"""Real pipelines of other packages: datatrove and Hugging Face datasets."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import cleaner
from cleaner.integrations.arrow import CleanBatch
from cleaner.integrations.datasets import CleanColumn
from cleaner.model import InputError, SettingsError
from tests.corpus_files import DIRTY, FEW, pa, read, records, write
from tests.made_up_site import NOTICE, article
from tests.own_rules import write_site_rule


@pytest.fixture
def datatrove() -> None:
    pytest.importorskip("datatrove", reason="needs datatrove: pip install -e '.[test,datatrove]'")


@pytest.fixture
def dataset_of() -> Any:
    """Return the class ``Dataset`` of Hugging Face datasets."""
    return pytest.importorskip(
        "datasets", reason="needs Hugging Face's datasets: pip install -e '.[test,datasets]'"
    ).Dataset


@pytest.mark.usefixtures("datatrove")
@pytest.mark.parametrize("form", [pytest.param("jsonl.gz", marks=pytest.mark.all), "parquet"])
def test_datatrove(tmp_path: Path, form: str) -> None:
    from datatrove.executor import LocalPipelineExecutor
    from datatrove.pipeline.readers import JsonlReader, ParquetReader
    from datatrove.pipeline.writers import JsonlWriter, ParquetWriter

    from cleaner.integrations.datatrove import BoilerplateFormatter

    found = [{**record, "id": str(record["id"])} for record in records(30)]
    for half in range(2):
        write(tmp_path / "in" / f"{half}.{form}", found[half * 15 : half * 15 + 15])
    reader, writer = (JsonlReader, JsonlWriter) if form != "parquet" else (ParquetReader, ParquetWriter)
    step = BoilerplateFormatter(title_key="title", drop_empty=True, **FEW)
    executor = LocalPipelineExecutor(
        pipeline=[reader(str(tmp_path / "in")), step, writer(str(tmp_path / "out"))],
        tasks=2,
        workers=2,
        logging_dir=str(tmp_path / "logs"),
    )
    executor.run()
    made = [record for path in sorted((tmp_path / "out").iterdir()) for record in read(path)]
    texts = {record["id"]: cleaner.clean(record["text"], **FEW) for record in found}
    del texts["11"]
    assert {record["id"]: record["text"] for record in made} == texts
    stats = {stat["name"]: stat["stats"] for stat in json.loads((tmp_path / "logs" / "stats.json").read_bytes())}
    counted = next(stats[name] for name in stats if "Boilerplate" in name)
    wanted = {"total": 30, "forwarded": 29, "dropped": 1, "changed": 11, "flagged": 1, "comments/form-prompt": 10}
    assert {name: counted[name] for name in wanted} == wanted
    taken = sum(len(str(record["text"])) for record in found) - sum(map(len, texts.values()))
    assert counted["characters_taken"]["total"] == taken
    assert counted["doc_len"]["total"] == sum(map(len, texts.values()))


def test_datasets(dataset_of: Any) -> None:
    found = [{"id": n, "text": None if n == 3 else DIRTY.format(n), "title": None} for n in range(40)]
    dataset = dataset_of.from_list(found)
    clean = CleanColumn("text", title_field="title", **FEW)
    made = dataset.map(clean, batched=True, batch_size=7, num_proc=2)
    assert made.features == dataset.features
    assert made.to_list() == [
        {**record, "text": record["text"] and cleaner.clean(str(record["text"]), **FEW)} for record in found
    ]


@pytest.mark.usefixtures("dataset_of")
def test_datasets_forget_what_was_made_with_other_rules() -> None:
    from datasets.fingerprint import Hasher

    other: dict[str, Any] = {"select": ["ads"]}
    same, again, changed = CleanColumn(**FEW), CleanColumn(**FEW), CleanColumn(**other)
    assert Hasher.hash(same) == Hasher.hash(again) != Hasher.hash(changed)
    again.rules = "of another version"
    assert Hasher.hash(same) != Hasher.hash(again)
    # Use leaves no trace in it.
    same({"text": [DIRTY]})
    assert Hasher.hash(same) == Hasher.hash(CleanColumn(**FEW))


def test_columns_that_cannot_be_cleaned() -> None:
    with pytest.raises(InputError, match="has no column 'text': there are body"):
        CleanColumn(**FEW)({"body": ["a"]})
    with pytest.raises(InputError, match="the column 'text' is not text but holds a int"):
        CleanColumn(**FEW)({"text": [1]})
    with pytest.raises(SettingsError):
        CleanColumn(select=["coments"])


@pytest.mark.usefixtures("datatrove")
def test_steps_take_whitespace_keep_and_drop() -> None:
    text = "The  council met on Monday.\n  Please enter your comment!\nNext page, please"
    wanted = "The  council met on Monday.\n  Please enter your comment!"
    options: dict[str, Any] = {"whitespace": "layout", "keep": ["Please enter your comment"], "drop": ["re:Next.*"]}
    assert CleanBatch(**options)(pa.table({"text": [text]})).to_pydict() == {"text": [wanted]}
    assert CleanColumn(**options)({"text": [text]}) == {"text": [wanted]}


def test_settings_of_a_step_that_mean_nothing() -> None:
    from cleaner.integrations.datatrove import BoilerplateFormatter

    with pytest.raises(SettingsError):
        BoilerplateFormatter(select=["coments"])


def test_arrow_and_datasets_agree(dataset_of: Any) -> None:
    table = pa.Table.from_pylist(records(20))
    dataset = dataset_of(table).map(CleanColumn(**FEW), batched=True)
    assert dataset["text"] == CleanBatch(**FEW)(table)["text"].to_pylist()


def test_batches_are_cleaned_by_the_rules_of_their_sites(tmp_path: Path) -> None:
    prose = article(0)[0]
    page = f"{prose}\n\n{NOTICE}"
    columns = {"text": [page] * 3, "url": ["https://gazette.example/1", "https://other.example/2", None]}
    options: dict[str, Any] = {"rules": str(write_site_rule(tmp_path / "rules.toml", NOTICE))}
    batch = CleanBatch(url_field="url", **options)(pa.table(columns))
    assert batch.to_pydict() == {**columns, "text": [prose, page, page]}
    assert CleanColumn(url_field="url", **options)(columns) == {"text": [prose, page, page]}


@pytest.mark.usefixtures("datatrove")
def test_a_step_cleans_by_the_rules_of_sites(tmp_path: Path) -> None:
    from datatrove.data import Document

    from cleaner.integrations.datatrove import BoilerplateFormatter

    urls = ["https://gazette.example/1", "https://other.example/2", None]
    prose = article(0)[0]
    page = f"{prose}\n\n{NOTICE}"
    passed = [Document(page, str(url), metadata={"url": url}) for url in urls]
    step = BoilerplateFormatter(rules=str(write_site_rule(tmp_path / "rules.toml", NOTICE)))
    assert [document.text for document in step.run(iter(passed))] == [prose, page, page]
