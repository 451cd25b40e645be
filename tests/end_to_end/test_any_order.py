"""Whatever the order of dumps, and however often they come: the warehouse is what a rebuild from nothing gives."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st
from psycopg2 import sql

from pipelines.records import DESCRIPTIVE_COLUMNS, MATCH_RECORDS, RECORD_WORK_KEYS, WORK_EVIDENCE
from pipelines.warehouse import decisions, matching, planning
from pipelines.warehouse.connection import connect
from pipelines.warehouse.decisions import Person, RecordName, change_settings, decide_pairs, withdraw_pairs
from pipelines.warehouse.overrides import OVERRIDES, override_evidence
from pipelines.warehouse.settings import settings_of
from pipelines.warehouse.statements import FOLDER
from pipelines.works.borders import Borders
from pipelines.works.deduplicate import deduplicate
from pipelines.works.grouping import group
from pipelines.works.matching_keys import matching_keys
from pipelines.works.settings import MatchingSettings
from tests.end_to_end.counting import counted, counted_anew
from tests.end_to_end.road import Road, Rows, contents, json_lines

#: How many histories to try; a night's run may set thousands.
EXAMPLES = int(os.environ.get("WAREHOUSE_TEST_HISTORIES", "2"))

NOBODY = np.empty(0, np.int64)

# Small alphabets, so that titles, authors, identifiers and years of different records collide.
documents = st.fixed_dictionaries(
    {
        "title": st.sampled_from(["A study of rivers", "A study of rivers", "A study of lakes", "Editorial"]),
        "author": st.lists(
            st.sampled_from(
                [
                    "Núñez, Ana",
                    "Nunez, Ana",
                    "NUNEZ, ANA",
                    "Ana Núñez",
                    "Okafor, Ben, 1950-",
                    "OKAFOR, BEN, 1950-2001",
                    "Òkafor, Ben, 1950-2003",
                    "Okafor, Ben, 1950-1999",
                    "World Health Organization",
                ]
            ),
            min_size=1,
            max_size=2,
        ),
    },
    optional={
        "publishDate": st.sampled_from([["2001"], ["2002"], ["2009"]]),
        "format": st.sampled_from([["Article"], ["Book"], ["Preprint"]]),
        "container_volume": st.sampled_from(["1", "2"]),
        "doi_str_mv": st.sampled_from([["10.1000/a"], ["10.1000/b"], ["not a doi"]]),
        "isbn": st.just(["9780306406157"]),
        "url": st.sampled_from([["https://doi.org/10.1000/a"], ["http://example.org/x", "http://example.org/y"]]),
        "description": st.just("Rivers, described."),
    },
)


@dataclass(frozen=True)
class Delivered:
    """A dump of a history."""

    source: str
    name: str
    kind: str
    records: Mapping[str, Mapping[str, Any]] = field(hash=False)
    deletions: frozenset[str] = frozenset()

    def files(self) -> dict[str, bytes]:
        """Its documents, and the ids that it says to be deleted in a file before or after them: none is in both."""
        documents = json_lines({"id": name, **record} for name, record in self.records.items())
        files = {"b.jsonl": documents} if self.records else {}
        if self.deletions:
            files["a.delete" if len(self.deletions) % 2 else "c.delete"] = "\n".join(sorted(self.deletions)).encode()
        return files


@dataclass(frozen=True)
class Decision:
    """A person decides on two of the living records, or takes back what was decided on them."""

    first: int
    second: int
    verdict: str


@dataclass(frozen=True)
class Told:
    """The warehouse is told where borders lie, and whom to trust."""

    borders: str
    trusted: tuple[str, ...]


Event = Delivered | Decision | Told


@st.composite
def histories(draw: st.DrawFn) -> list[Event]:
    """Dumps of two catalogues in an order in which they come: each at least once, some again; people decide between.

    One that comes again may turn out to be full, or not to be.
    """
    ids = st.sampled_from(["1", "2", "3", "4", "5"])
    dumps = []
    for number in range(1, draw(st.integers(2, 5)) + 1):
        source = draw(st.sampled_from(["library", "library", "archive"]))
        kind = draw(st.sampled_from(["delta", "delta", "full"]))
        records = draw(st.dictionaries(ids, documents, min_size=1, max_size=4))
        deletions = draw(st.frozensets(ids, max_size=2)) - records.keys()
        dumps.append(Delivered(source, f"2020-0{number}", kind, records, deletions))
    if draw(st.booleans()):
        last = len(dumps) + 1
        dumps.append(
            Delivered("library", f"2020-0{last}", "delta", {}, draw(st.frozensets(ids, min_size=1, max_size=3)))
        )
    order = draw(st.permutations(dumps))
    again = draw(
        st.lists(st.builds(replace, st.sampled_from(dumps), kind=st.sampled_from(["delta", "full"])), max_size=2)
    )
    story: list[Event] = [*order, *again]
    verdicts = st.sampled_from(["duplicate", "version", "different", "undo"])
    for decision in draw(st.lists(st.builds(Decision, st.integers(0, 9), st.integers(0, 9), verdicts), max_size=3)):
        story.insert(draw(st.integers(1, len(story))), decision)
    told = st.builds(
        Told,
        st.sampled_from(["", "other_year=duplicate", "editions=different, preprint_and_article=duplicate"]),
        st.sampled_from([(), ("archive",), ("archive", "library")]),
    )
    for each in draw(st.lists(told, max_size=2)):
        story.insert(draw(st.integers(0, len(story))), each)
    return story


def final(order: Sequence[Delivered]) -> list[Delivered]:
    """The dumps by name, each of the kind it was said to be last."""
    return sorted({(dump.source, dump.name): dump for dump in order}.values(), key=lambda dump: dump.name)


def ingest(road: Road, dump: Delivered) -> None:
    # One without records is refused as a full one: it would end the whole catalogue.
    kind = dump.kind if dump.records else "delta"
    outcome = road.ingest(dump.source, dump.name, dump.files(), kind)
    assert outcome.counts.add_up()
    assert outcome.counts.deletions == len(dump.deletions)


def tell(road: Road, event: Decision | Told) -> None:
    """Carry out what people decide, or tell the warehouse."""
    if isinstance(event, Decision):
        decide(road, event)
    else:
        note(f"{event}")
        change_settings(road.url, MatchingSettings(Borders.parse(event.borders), event.trusted))


def decide(road: Road, decision: Decision) -> None:
    """Carry out a decision on two living records; nothing to undo, or decided so already, is nothing to do."""
    names = [
        RecordName(*row)
        for row in road.rows(
            "SELECT source, source_record_id FROM catalog.records WHERE deleted_at IS NULL ORDER BY 1, 2"
        )
    ]
    if len(names) < 2:
        return
    one, other = names[decision.first % len(names)], names[decision.second % len(names)]
    if one == other:
        return
    in_force = road.values(
        "SELECT verdict FROM catalog.work_overrides JOIN catalog.records AS a ON a.record_id = record_id_a"
        " JOIN catalog.records AS b ON b.record_id = record_id_b WHERE withdrawn_at IS NULL"
        " AND ARRAY[a.source || '/' || a.source_record_id, b.source || '/' || b.source_record_id] @> %s",
        [str(one), str(other)],
    )
    note(f"{decision.verdict}: {one} and {other}, so far {in_force}")
    if decision.verdict == "undo":
        if in_force:
            withdraw_pairs(road.url, one, [other], "Ada")
    elif in_force != [decision.verdict]:
        decide_pairs(road.url, one, [other], decision.verdict, Person("Ada", "seen"))


def living(dumps: Sequence[Delivered]) -> dict[tuple[str, str], tuple[str, str]]:
    """The records that a sequence of dumps leaves alive, by source and id, with their first dump and their last."""
    found = {}
    for source in {dump.source for dump in dumps}:
        own = [dump for dump in final(dumps) if dump.source == source]
        newest_full = max((dump.name for dump in own if dump.kind == "full" and dump.records), default="")
        for record in {record for dump in own for record in dump.records}:
            holders = [dump.name for dump in own if record in dump.records]
            deleted = max((dump.name for dump in own if record in dump.deletions), default="")
            if holders[-1] >= newest_full and holders[-1] > deleted:
                found[source, record] = holders[0], holders[-1]
    return found


def read(road: Road, query: str, schema: pa.Schema) -> pa.Table:
    with connect(road.url) as connection, connection.cursor() as cursor:
        columns = sql.SQL(", ").join(sql.Identifier("r", name) for name in DESCRIPTIVE_COLUMNS)
        cursor.execute(sql.SQL(query).format(descriptive=columns))
        rows = cursor.fetchall()
    return pa.Table.from_pylist([dict(zip(schema.names, row, strict=True)) for row in rows], schema=schema)


def matched_from_nothing(road: Road) -> dict[str, Rows]:
    """What matching makes of all living records of a warehouse at once, as the rows of its tables."""
    told = settings_of(road.url)
    overrides = read(road, (FOLDER / "overrides" / "in_force.sql").read_text(), OVERRIDES)
    records = read(
        road,
        "SELECT record_id, r.source, d.name, title, publication_kind, publication_year, container_title, volume,"
        " issue, start_page, edition, doi, format, author_names, description_hash, num_nonnulls({descriptive}),"
        " NULL, NULL"
        " FROM catalog.records AS r JOIN ops.record_sightings USING (record_id)"
        " JOIN ops.dumps AS d ON d.dump_id = first_dump_id WHERE deleted_at IS NULL",
        MATCH_RECORDS,
    )
    identifiers = read(
        road,
        "SELECT record_id, scheme, value FROM catalog.record_identifiers WHERE is_valid OR scheme = 'arxiv'",
        pa.schema({"record_id": pa.int64(), "scheme": pa.string(), "value": pa.string()}),
    )
    keys = read(
        road,
        "SELECT record_id, work_key_id, kind, key, origin FROM catalog.record_work_keys",
        RECORD_WORK_KEYS,
    )
    keys = pa.concat_tables([keys, matching_keys(records, identifiers)])
    by_rules = deduplicate(records, identifiers, keys, planning.MAX_BLOCK, borders=told.borders).evidence
    evidence = pa.concat_tables(
        [by_rules, override_evidence(overrides, np.sort(records["record_id"].to_numpy()), NOBODY)]
    )
    # A person's verdict takes the place of the rules'.
    by_pair = {(row["record_id_a"], row["record_id_b"]): row for row in evidence.to_pylist()}
    evidence = pa.Table.from_pylist([by_pair[pair] for pair in sorted(by_pair)], WORK_EVIDENCE)
    result = group(records, evidence, told.trusted_sources)
    # Postgres shows a real by its shortest digits, Arrow by those of the double next to it.
    scores = pc.round(evidence["score"].cast(pa.float64()), 6)
    tables = {
        "publications": result.publications,
        "works": result.works,
        "work_evidence": evidence.set_column(evidence.column_names.index("score"), "score", scores),
        "assignments": result.assignments,
    }
    rows = {name: table.to_pylist() for name, table in tables.items()}
    for row in rows["publications"]:
        row["field_sources"] = json.loads(row["field_sources"] or "null")
    return {name: sorted(rows[name], key=repr) for name in rows}


def matched_as_stored(road: Road) -> dict[str, Rows]:
    """The same tables as the warehouse holds them."""
    tables = contents(road)
    for row in tables["work_evidence"]:
        row.pop("decided_at")
    return {
        **{name: tables[name] for name in ("publications", "works", "work_evidence")},
        "assignments": sorted(
            (
                {name: row[name] for name in ("record_id", "publication_id", "work_id")}
                for row in tables["records"]
                if not row["deleted_at"]
            ),
            key=repr,
        ),
    }


#: Each of these must find nothing.
CONTRADICTIONS = {
    "a living record without publication, or an ended one with": """
        SELECT * FROM catalog.records
        WHERE (deleted_at IS NULL) <> (publication_id IS NOT NULL) OR (deleted_at IS NULL) <> (work_id IS NOT NULL)""",
    "a publication whose counts are not those of its records": """
        SELECT * FROM catalog.publications AS p LEFT JOIN (
            SELECT publication_id, count(*) AS n, count(DISTINCT source) AS s, min(work_id) AS low, max(work_id) AS high
            FROM catalog.records GROUP BY publication_id) AS r USING (publication_id)
        WHERE (p.record_count, p.source_count, p.work_id, p.work_id) IS DISTINCT FROM (r.n, r.s, r.low, r.high)""",
    "a work whose counts are not those of its publications": """
        SELECT * FROM catalog.works AS w LEFT JOIN (
            SELECT work_id, count(*) AS n, sum(record_count) AS r
            FROM catalog.publications GROUP BY work_id) AS p USING (work_id)
        WHERE (w.publication_count, w.record_count) IS DISTINCT FROM (p.n, p.r)""",
    "a publication or a work that another one speaks for": """
        SELECT p.publication_id FROM catalog.publications AS p JOIN catalog.records AS r
            ON r.record_id = p.canonical_record_id WHERE r.publication_id IS DISTINCT FROM p.publication_id
        UNION ALL
        SELECT w.work_id FROM catalog.works AS w JOIN catalog.publications AS p
            ON p.publication_id = w.canonical_publication_id WHERE p.work_id <> w.work_id""",
    "a publication or work that is not named after one of its own records": """
        SELECT publication_id FROM catalog.publications AS p WHERE NOT EXISTS (
            SELECT FROM catalog.records AS r WHERE r.record_id = p.publication_id AND r.publication_id = r.record_id)
        UNION ALL
        SELECT work_id FROM catalog.works AS w WHERE NOT EXISTS (
            SELECT FROM catalog.records AS r WHERE r.record_id = w.work_id AND r.work_id = r.record_id)""",
    "evidence on an ended record": """
        SELECT * FROM catalog.work_evidence AS e
        JOIN catalog.records AS a ON a.record_id = e.record_id_a
        JOIN catalog.records AS b ON b.record_id = e.record_id_b
        WHERE a.deleted_at IS NOT NULL OR b.deleted_at IS NOT NULL OR e.record_id_a >= e.record_id_b""",
    "what must stay apart is together, or what belongs together is apart though nothing keeps it so": """
        WITH pairs AS (
            SELECT e.*, a.publication_id AS publication_a, b.publication_id AS publication_b,
                a.work_id AS work_a, b.work_id AS work_b,
                e.verdict = 'different' AS two_works,
                e.verdict = 'different' OR e.verdict = 'version' AND e.score >= 0.8::real AS two_publications
            FROM catalog.work_evidence AS e
            JOIN catalog.records AS a ON a.record_id = e.record_id_a
            JOIN catalog.records AS b ON b.record_id = e.record_id_b
        ), joined AS (
            -- By people, who are surer than any rule: what hangs together by them is kept apart by them alone.
            SELECT * FROM pairs WHERE verdict <> 'different' AND score = 1
        )
        SELECT * FROM pairs AS p
        WHERE two_works AND work_a = work_b
                AND (score = 1 OR NOT EXISTS (SELECT FROM joined AS q WHERE q.work_a = p.work_a))
            OR two_publications AND publication_a = publication_b
                AND (score = 1 OR NOT EXISTS (
                    SELECT FROM joined AS q WHERE q.verdict = 'duplicate' AND q.publication_a = p.publication_a))
            OR verdict = 'duplicate' AND publication_a <> publication_b AND NOT EXISTS (
                SELECT FROM pairs AS q WHERE two_publications
                AND (q.publication_a, q.publication_b) IN (
                    (p.publication_a, p.publication_b), (p.publication_b, p.publication_a)))
            OR verdict IN ('duplicate', 'version') AND work_a <> work_b AND NOT EXISTS (
                SELECT FROM pairs AS q WHERE two_works
                AND (q.work_a, q.work_b) IN ((p.work_a, p.work_b), (p.work_b, p.work_a)))""",
    "a heading whose parts are not those of its name": """
        SELECT * FROM catalog.authors
        WHERE kind = 'person' AND name <> concat_ws(', ', family_name, given_names, suffix)""",
    "a heading that nobody credits": """
        SELECT * FROM catalog.authors WHERE author_id NOT IN (SELECT author_id FROM catalog.record_authors)""",
    "a redirect to nothing, to itself, or from an id in use": """
        SELECT * FROM catalog.work_redirects AS r
        WHERE level = 'publication' AND EXISTS (SELECT FROM catalog.publications WHERE publication_id = r.old_id)
            OR level = 'work' AND EXISTS (SELECT FROM catalog.works WHERE work_id = r.old_id)
            OR level = 'publication'
                AND NOT EXISTS (SELECT FROM catalog.publications WHERE publication_id = r.new_id)
            OR level = 'work' AND NOT EXISTS (SELECT FROM catalog.works WHERE work_id = r.new_id)
            OR level NOT IN ('publication', 'work')""",
    "a redirect from the id of a living record to where that record is not": """
        SELECT * FROM catalog.work_redirects AS r JOIN catalog.records ON record_id = old_id
        WHERE deleted_at IS NULL
            AND new_id <> CASE level WHEN 'work' THEN work_id ELSE publication_id END""",
    "a record that no dump was seen to hold": """
        SELECT * FROM catalog.records FULL JOIN ops.record_sightings USING (record_id)
        WHERE first_dump_id IS NULL OR source IS NULL
            OR NOT EXISTS (SELECT FROM ops.dumps WHERE dump_id = first_dump_id)
            OR NOT EXISTS (SELECT FROM ops.dumps WHERE dump_id = last_dump_id)""",
}


def assert_consistent(road: Road) -> None:
    for contradiction, query in CONTRADICTIONS.items():
        assert road.rows(query) == [], contradiction


@pytest.fixture(
    params=[(2, planning.MAX_BLOCK), (matching.RECORDS_A_BATCH, planning.MAX_BLOCK), (2, 2), (2, 4)],
    ids=["many batches", "one batch", "keys that open and close", "keys that close late"],
)
def bounds(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """How many records are decided at a time, which must not show, and how many may hold a key that makes pairs."""
    records_a_batch, max_block = request.param
    monkeypatch.setattr(matching, "RECORDS_A_BATCH", records_a_batch)
    monkeypatch.setattr(planning, "MAX_BLOCK", max_block)
    monkeypatch.setattr(decisions, "MAX_BLOCK", max_block)


@pytest.mark.slow
@pytest.mark.usefixtures("bounds")
@settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck), print_blob=True)
@given(histories())
def test_dumps_in_any_order_and_again_give_what_a_rebuild_gives(road: Road, story: list[Event]):
    order = [event for event in story if isinstance(event, Delivered)]
    road.clear()
    for event in story:
        if not isinstance(event, Delivered):
            tell(road, event)
        else:
            note(f"{event.source}/{event.name} {event.kind}: {dict(event.records)}, deleted {set(event.deletions)}")
            ingest(road, event)
        assert_consistent(road)
        assert matched_as_stored(road) == matched_from_nothing(road)
        assert counted(road) == counted_anew(road)
    as_they_came = contents(road)
    seen = road.rows(
        "SELECT source, source_record_id, f.name, l.name FROM catalog.records"
        " JOIN ops.record_sightings USING (record_id) JOIN ops.dumps AS f USING (source)"
        " JOIN ops.dumps AS l USING (source)"
        " WHERE f.dump_id = first_dump_id AND l.dump_id = last_dump_id AND deleted_at IS NULL"
    )
    assert {(source, record): (first, last) for source, record, first, last in seen} == living(order)

    road.clear(decisions=False)
    for dump in final(order):
        ingest(road, dump)
    rebuilt = contents(road)
    for name, rows in rebuilt.items():
        assert as_they_came[name] == rows, name


def test_a_key_that_closes_leaves_the_pairs_that_share_another(road: Road, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(planning, "MAX_BLOCK", 4)
    title = {"title": "A long study of the rivers of northern Norway", "author": ["Nunez, Ana"]}
    years = ["2001", "2001", "2005", "2009"]
    road.clear()
    road.ingest("library", "1", [{"id": str(i), **title, "publishDate": [year]} for i, year in enumerate(years)])
    road.ingest("library", "2", [{"id": "5", **title, "publishDate": ["2001"]}])
    assert matched_as_stored(road) == matched_from_nothing(road)
    assert road.rows("SELECT FROM catalog.work_evidence"), "the keys of the year are still open"


@pytest.mark.parametrize("leaving", range(3))
def test_a_key_that_opens_as_a_record_takes_another_title_makes_pairs_of_those_that_stay(
    road: Road, monkeypatch: pytest.MonkeyPatch, leaving: int
):
    """Whichever leaves is the hub of the key once: those that stay had been compared with it alone."""
    monkeypatch.setattr(planning, "MAX_BLOCK", 2)
    held = [
        {"id": str(number), "title": "A long study of the rivers of northern Norway", "author": ["Nunez, Ana"]}
        for number in range(3)
    ]
    road.ingest("library", "1", held)
    road.ingest("library", "2", [held[leaving] | {"title": "On the making of bread", "author": ["Poe, Jane"]}])
    assert matched_as_stored(road) == matched_from_nothing(road)
    assert sorted(road.values("SELECT record_count FROM catalog.works")) == [1, 2]
