"""How well and how fast citations are matched: ``make benchmark-matching [DATA=dir]``.

Every folder of DATA is a set: ``records.csv`` with ``clusters.csv`` (id, cluster: records of one publication share
one), or with ``pairs.csv`` (id1, id2, label: 1 for one work, 0 for two; others are passed over). Printed are pairwise
precision, recall and F1 of publications (of works where pairs are labelled), what is left split and what is joined
wrongly, microseconds a record for the whole of ``match`` and the largest memory; beside it exact work keys and,
where it is installed (``pip install '.[peers]'``), bib-dedupe, in the same run.
"""

from __future__ import annotations

import argparse
import importlib.util
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa
from rich.console import Console
from rich.table import Table
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from benchmarks.measure import MEBIBYTE, measured
from pipelines.match import match_file
from pipelines.normalize.documents import normalize_documents
from pipelines.readers.citations import read_citations
from pipelines.works.work_keys import record_work_keys

Clusters = Mapping[str, str]
Pairs = set[tuple[str, str]]

_YEAR: Final = 2026


@dataclass(frozen=True, slots=True)
class Result:
    """What one matcher made of one set: the cluster of each record, its seconds and largest memory in bytes."""

    clusters: Clusters
    seconds: float
    peak: int


@dataclass(frozen=True, slots=True)
class Quality:
    """Pairs found, found wrongly and missed; true clusters left split, found ones that hold several true ones."""

    true: int
    wrong: int
    missed: int
    split: int | None
    impure: int | None

    @property
    def precision(self) -> float:
        """Share of the pairs found that are true."""
        return self.true / (self.true + self.wrong) if self.true + self.wrong else 1.0

    @property
    def recall(self) -> float:
        """Share of the true pairs that are found."""
        return self.true / (self.true + self.missed) if self.true + self.missed else 1.0

    @property
    def f1(self) -> float:
        """Their harmonic mean."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def main() -> None:
    """Measure every set of a folder and print one table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, help="folder of sets")
    parser.add_argument("--only", action="append", help="a set to measure; may be given several times")
    arguments = parser.parse_args()
    folders = sorted(path.parent for path in arguments.data.glob("*/records.csv"))
    chosen = [folder for folder in folders if not arguments.only or folder.name in arguments.only]
    if not chosen:
        parser.error(f"no set in {arguments.data}: a set is a folder with records.csv and clusters.csv or pairs.csv")
    table = Table()
    table.add_column("set")
    for name in ("matcher", "precision", "recall", "F1", "split", "impure", "µs a record", "peak MiB"):
        table.add_column(name, justify="right")
    for folder in chosen:
        _measure_set(folder, table)
    Console(width=120).print(table)


def _measure_set(folder: Path, table: Table) -> None:
    records = folder / "records.csv"
    works = (folder / "pairs.csv").exists()
    matchers: dict[str, Callable[[Path], Clusters]] = {
        "vufind-warehouse": lambda path: matched(path, "work" if works else "publication"),
        "exact work keys": _by_work_keys,
    }
    if importlib.util.find_spec("bib_dedupe"):
        matchers["bib-dedupe"] = _by_bib_dedupe
    for name, matcher in matchers.items():
        with measured(None) as usage:
            began = time.monotonic()
            clusters = matcher(records)
            seconds = time.monotonic() - began
        result = Result(clusters, seconds, usage.client_peak)
        quality = quality_of_pairs(folder / "pairs.csv", clusters) if works else quality_of_clusters(folder, clusters)
        table.add_row(
            folder.name,
            name,
            f"{quality.precision:.4f}",
            f"{quality.recall:.4f}",
            f"{quality.f1:.4f}",
            "" if quality.split is None else str(quality.split),
            "" if quality.impure is None else str(quality.impure),
            f"{result.seconds / len(clusters) * 1e6:,.0f}",
            f"{result.peak / MEBIBYTE:,.0f}",
        )


def matched(path: Path, level: str) -> Clusters:
    """What ``match`` makes of a file: the ``publication`` or ``work`` of each citation."""
    clusters = match_file(path).clusters
    return dict(zip(clusters["id"].to_pylist(), clusters[level].to_pylist(), strict=True))


def _by_work_keys(path: Path) -> Clusters:
    """All records that share a work key, over any number of keys."""
    citations = read_citations(path)
    frames = normalize_documents(citations.documents, "", _YEAR)
    keys = record_work_keys(frames.documents, frames.records["record_id"])
    rows = pd.factorize(pa.concat_arrays([*keys["record_id"].chunks]).to_numpy())
    groups = pd.factorize(keys["work_key_id"].to_numpy())[0] + len(rows[1])
    size = len(rows[1]) + int(groups.max(initial=0)) + 1
    graph = coo_array((np.ones(len(groups), np.int8), (rows[0], groups)), shape=(size, size))
    labels = connected_components(graph, directed=False)[1]
    number = dict(
        zip(frames.records["record_id"].to_pylist(), frames.records["source_record_id"].to_pylist(), strict=True)
    )
    found = {citations.ids[int(number[record])]: str(labels[i]) for i, record in enumerate(rows[1].tolist())}
    return {each: found.get(each, f"alone {each}") for each in citations.ids}


def _by_bib_dedupe(path: Path) -> Clusters:
    """The peer, as its documentation calls it."""
    from bib_dedupe.bib_dedupe import block, cluster, match, prep  # noqa: PLC0415 - an optional peer

    records = pd.read_csv(path, dtype=str, keep_default_na=False).rename(columns={"id": "ID"})
    records["ENTRYTYPE"] = "article"
    prepared = prep(records, verbosity_level=0)
    found = cluster(match(block(prepared, verbosity_level=0), verbosity_level=0), verbosity_level=0)
    clusters = {each: f"alone {each}" for each in records["ID"]}
    clusters |= {each: f"group {number}" for number, group in enumerate(found) for each in group}
    return clusters


def quality_of_clusters(folder: Path, found: Clusters) -> Quality:
    """Measure against the ``clusters.csv`` of a folder."""
    labels = pd.read_csv(folder / "clusters.csv", dtype=str, keep_default_na=False)
    true: Clusters = dict(zip(labels["id"], labels["cluster"], strict=True))
    true_pairs, found_pairs = _pairs(true), _pairs({each: found[each] for each in true})
    return Quality(
        len(true_pairs & found_pairs),
        len(found_pairs - true_pairs),
        len(true_pairs - found_pairs),
        split=_spread(true, found),
        impure=_spread(found, true),
    )


def quality_of_pairs(path: Path, found: Clusters) -> Quality:
    """Measure against labelled pairs."""
    pairs = pd.read_csv(path, dtype=str, keep_default_na=False)
    counts: Counter[tuple[bool, str]] = Counter(
        (found.get(a) == found.get(b, b), label)
        for a, b, label in zip(pairs["id1"], pairs["id2"], pairs["label"], strict=True)
    )
    return Quality(counts[True, "1"], counts[True, "0"], counts[False, "1"], None, None)


def _pairs(clusters: Clusters) -> Pairs:
    return {pair for members in _members(clusters) for pair in combinations(sorted(members), 2)}


def _members(clusters: Clusters) -> Iterable[list[str]]:
    members: dict[str, list[str]] = defaultdict(list)
    for each, cluster in clusters.items():
        members[cluster].append(each)
    return members.values()


def _spread(clusters: Clusters, others: Clusters) -> int:
    """How many of the clusters have members in several of the others."""
    return sum(len({others[each] for each in members if each in others}) > 1 for members in _members(clusters))


if __name__ == "__main__":
    main()
