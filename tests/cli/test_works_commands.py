"""The verbs ``works …``: people see why records are together, and decide last."""

from __future__ import annotations

from collections.abc import Iterator
from io import StringIO

import pytest
from rich.console import Console

from pipelines.commands.explained import show_table
from pipelines.warehouse.connection import WarehouseError
from pipelines.warehouse.decisions import RecordName
from pipelines.warehouse.explain import path_between
from tests.cli.conftest import Command, Serve
from tests.end_to_end.road import Road, contents

RIVERS = {"title": "A long study of the rivers of Norway", "author": ["Núñez, Ana", "Okafor, Ben"]}
RECORDS = [
    {"id": "a/1", **RIVERS, "publishDate": ["2001"]},
    {"id": "b", **RIVERS, "publishDate": ["2001"]},
    {"id": "c", **RIVERS, "publishDate": ["2009"]},
    {"id": "d", "title": "Lakes", "author": ["Roe, Richard"]},
]


def four_records(road: Road) -> None:
    road.ingest("rivers", "2020", RECORDS)


@pytest.fixture
def rivers(serve: Serve) -> Iterator[Road]:
    with serve(four_records) as road:
        yield road


@pytest.mark.parametrize(("rows", "counted"), [(2, "Links (2)"), (51, "Links (the first 50 of 51)")])
def test_a_table_says_how_many_there_are(capsys: pytest.CaptureFixture[str], rows: int, counted: str):
    console = Console(file=StringIO(), width=80)
    show_table(console, "Links", ["record"], [{"record": f"a/{number}"} for number in range(rows)])
    printed = " ".join(console.file.getvalue().split())  # type: ignore[attr-defined]
    assert printed.startswith(counted)
    assert printed.count("a/") == min(rows, 50)
    assert ("have all" in capsys.readouterr().err) is (rows > 50)


def test_recount_tells_what_differs_and_a_trial_ends_with_1(command: Command, rivers: Road):
    assert command("works", "recount", "--dry-run").told.endswith("all counts were right\n")
    rivers.execute("UPDATE catalog.works SET record_count = 7")
    trial = command("works", "recount", "--dry-run")
    assert (trial.code, "count anew with: vufind-warehouse works recount" in trial.told) == (1, True)
    assert command("works", "recount").code == 0
    assert command("works", "recount", "--dry-run").code == 0


def groups(road: Road) -> dict[str, tuple[int, int]]:
    rows = road.rows("SELECT source_record_id, publication_id, work_id FROM catalog.records WHERE source = 'rivers'")
    return {name: (publication, work) for name, publication, work in rows}


def test_explain_shows_members_and_links_with_their_reasons(command: Command, rivers: Road):
    answer = command("works", "explain", "rivers/a/1")
    assert answer.code == 0
    for expected in ("rivers/b", "rivers/c", "same_description", "nothing in the records disagrees", "year_differs"):
        assert expected in answer.out
    assert "Lakes" not in answer.out


def test_explain_tells_what_was_decided_on_two_records_and_how_the_one_leads_to_the_other(
    command: Command, rivers: Road
):
    assert "year_differs" in command("works", "explain", "rivers/a/1", "rivers/c").out
    answer = command("works", "explain", "rivers/a/1", "rivers/d")
    assert answer.code == 0
    assert "Nothing was decided on the two" in answer.out


@pytest.mark.parametrize(
    ("verb", "options", "publications", "works"),
    [
        ("split", [], 2, 2),
        ("split", ["--publication"], 2, 1),
        ("join", [], 2, 1),
        ("join", ["--publication"], 1, 1),
    ],
)
def test_what_a_person_decides_holds_and_survives_a_reload(
    command: Command, rivers: Road, verb: str, options: list[str], publications: int, works: int
):
    other = "d" if verb == "join" else "b"
    answer = command("works", verb, "rivers/a/1", f"rivers/{other}", "--why", "seen", "--by", "Ada", *options)
    assert answer.code == 0, answer.told
    for records in (RECORDS, [{**record, "publisher": "Anew"} for record in RECORDS]):
        rivers.ingest("rivers", "2021", records)
        found = groups(rivers)
        levels = list(zip(found["a/1"], found[other], strict=True))
        assert [len(set(level)) for level in levels] == [publications, works]
    [row] = rivers.rows("SELECT rule, reason, score FROM catalog.work_evidence WHERE rule = 'decided_by_person'")
    assert row == ("decided_by_person", "Ada: seen", 1.0)


@pytest.mark.parametrize(("verb", "others"), [("split", ["b", "c"]), ("join", ["d"])])
def test_undo_restores_the_former_state_exactly(command: Command, rivers: Road, verb: str, others: list[str]):
    before = contents(rivers)
    names = [f"rivers/{other}" for other in others]
    assert command("works", verb, "rivers/a/1", *names, "--why", "seen").code == 0
    assert contents(rivers)["works"] != before["works"]
    assert command("works", "undo", "rivers/a/1", *names).code == 0
    after = contents(rivers)
    assert all(row["withdrawn_at"] for row in after.pop("work_overrides"))
    assert after == {name: rows for name, rows in before.items() if name != "work_overrides"}


def test_a_split_breaks_the_chain_between_two_records(command: Command, rivers: Road):
    command("works", "split", "rivers/a/1", "rivers/c", "--why", "another river")
    found = groups(rivers)
    assert found["a/1"][1] == found["b"][1] != found["c"][1], "the year parts them; the surer link stays"
    answer = command("works", "explain", "rivers/c")
    assert "Kept apart" in answer.out
    assert "another river" in answer.out
    assert "passed over" in answer.out


def test_an_old_id_of_a_joined_work_leads_to_the_new(command: Command, rivers: Road):
    old = groups(rivers)["d"][1]
    command("works", "join", "rivers/a/1", "rivers/d", "--why", "seen")
    new = groups(rivers)["d"][1]
    survivors = {old, groups(rivers)["a/1"][1]} - {new}
    redirects = rivers.rows("SELECT old_id, new_id FROM catalog.work_redirects WHERE level = 'work'")
    assert all(target == new for _, target in redirects)
    assert {source for source, _ in redirects} >= survivors - {new}


def test_a_decision_in_place_of_another_says_whose_it_was(command: Command, rivers: Road):
    command("works", "split", "rivers/a/1", "rivers/b", "--why", "a reprint", "--by", "Ada")
    answer = command("works", "join", "rivers/a/1", "rivers/b", "--why", "the same after all", "--by", "Ben")
    assert answer.code == 0
    told = " ".join(answer.told.split())
    assert "rivers/a/1 and rivers/b: in place of different, which Ada had decided (a reprint)" in told


def test_decisions_are_listed_with_who_and_why_the_newest_first(command: Command, rivers: Road):
    command("works", "split", "rivers/a/1", "rivers/b", "--why", "seen in hand", "--by", "Ada")
    command("works", "undo", "rivers/a/1", "rivers/b", "--by", "Ben", "--why", "read the preface")
    command("works", "join", "rivers/a/1", "rivers/d", "--why", "one text", "--by", "Ada")
    answer = command("works", "decisions")
    assert answer.out.index("one text") < answer.out.index("seen in hand")
    for expected in ("rivers/a/1", "rivers/b", "different", "seen in hand", "Ada", "Ben", "read the preface"):
        assert expected in answer.out


def test_the_same_decision_again_says_whose_it_is_and_changes_nothing(command: Command, rivers: Road):
    command("works", "split", "rivers/a/1", "rivers/b", "--why", "a reprint", "--by", "Ada")
    before = contents(rivers, history=True)
    again = ["works", "split", "rivers/b", "rivers/a/1", "--why", "so I think", "--by", "Ben"]
    answer = command(*again)
    told = " ".join(answer.told.split())
    assert answer.code == 1
    assert "rivers/b and rivers/a/1: already decided to be different by Ada on " in told
    assert "(a reprint); nothing was changed" in told
    assert contents(rivers, history=True) == before
    # Beside others that are new it stays as it is.
    answer = command(*again[:4], "rivers/c", *again[4:])
    assert (answer.code, "already decided" in " ".join(answer.told.split())) == (0, True)
    assert rivers.rows("SELECT decided_by FROM catalog.work_overrides ORDER BY 1") == [("Ada",), ("Ben",)]


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["explain", "nothing"], 1, "source/id"),
        (["explain", "rivers/none"], 1, "holds no such record"),
        (["split", "rivers/b", "rivers/b", "--why", "x"], 1, "with itself"),
        (["split", "rivers/b", "rivers/c"], 2, "--why"),
        (["split", "rivers/b", "rivers/c", "--why", " "], 2, "say why"),
        (["undo", "rivers/b", "rivers/c"], 1, "nobody has decided"),
    ],
)
def test_mistakes_change_nothing_and_tell_the_way_out(
    command: Command, rivers: Road, arguments: list[str], code: int, told: str
):
    before = contents(rivers, history=True)
    answer = command("works", *arguments)
    assert answer.code == code
    assert told in answer.told
    assert contents(rivers, history=True) == before


@pytest.mark.parametrize("text", ["", "library", "/1", "library/"])
def test_a_record_is_named_by_source_and_id(text: str):
    with pytest.raises(WarehouseError, match="source/id"):
        RecordName.of(text)


def test_the_path_between_two_records_has_the_fewest_links():
    links = [{"record_id_a": a, "record_id_b": b} for a, b in [(1, 2), (2, 3), (3, 4), (1, 4), (5, 6)]]
    assert path_between(links, 1, 3) == [links[0], links[1]]
    assert path_between(links, 1, 6) == []


def test_what_is_of_one_work_already_is_not_joined_again(command: Command, rivers: Road):
    before = contents(rivers)
    answer = command("works", "join", "rivers/a/1", "rivers/b", "--why", "one work")
    assert answer.code == 1
    assert "of one work already" in answer.told
    assert contents(rivers) == before


def test_undo_works_for_a_record_that_has_ended(command: Command, rivers: Road):
    command("works", "split", "rivers/a/1", "rivers/b", "--why", "seen")
    rivers.ingest("rivers", "2021", [record for record in RECORDS if record["id"] != "b"], "full")
    answer = command("works", "undo", "rivers/a/1", "rivers/b")
    assert answer.code == 0, answer.told
    assert "has ended" in answer.out
    rivers.ingest("rivers", "2022", RECORDS)
    assert groups(rivers)["a/1"] == groups(rivers)["b"]


def test_undo_leads_former_ids_back_to_their_records(command: Command, rivers: Road):
    younger = {"id": "e", "title": "Lakes of the high north", "author": ["Roe, Richard"]}
    rivers.ingest("rivers", "2021", [younger, {**younger, "id": "f"}])
    command("works", "join", "rivers/e", "rivers/f", "--publication", "--why", "one")
    before = rivers.rows("SELECT level, old_id, new_id FROM catalog.work_redirects ORDER BY 1, 2")
    assert before
    command("works", "join", "rivers/a/1", "rivers/e", "--why", "seen")
    command("works", "undo", "rivers/a/1", "rivers/e")
    for level, old, new in rivers.rows("SELECT level, old_id, new_id FROM catalog.work_redirects"):
        [(now,)] = rivers.rows(f"SELECT {level}_id FROM catalog.records WHERE record_id = %s", old)
        assert now == new


def test_what_people_joined_shows_the_source_that_is_trusted_later(command: Command, rivers: Road):
    rivers.ingest("other", "2020", [{"id": "1", "title": "Seen in another hand", "author": ["Poe, Edgar"]}])
    command("works", "join", "rivers/d", "other/1", "--publication", "--why", "seen")
    for source, title in (("other", "Seen in another hand"), ("rivers", "Lakes")):
        command("works", "settings", "--trust", source)
        assert rivers.values("SELECT title FROM catalog.publications WHERE source_count = 2") == [title]


VOLUMES = [
    {
        "id": f"v{number}", "title": f"Cambridge history of rivers. Volume {number}, {name}",
        "author": ["Hartmann, Elise"], "publishDate": ["1936"], "format": ["Book"],
    }
    for number, name in enumerate(("Sources", "Middle", "Mouths"), start=1)
]  # fmt: skip


@pytest.mark.parametrize("option", [[], ["--publication"]], ids=["work", "publication"])
@pytest.mark.parametrize("joined", [[["v1", "v2", "v3"]], [["v2", "v1"], ["v3", "v2"]], [["v1", "v3"], ["v2", "v3"]]])
def test_what_people_join_no_rule_keeps_apart(
    command: Command, rivers: Road, joined: list[list[str]], option: list[str]
):
    """Of two volumes a rule says that they are different; that the first is joined with the third follows."""
    rivers.ingest("rivers", "2021", VOLUMES)
    level = int(not option)
    assert len({groups(rivers)[each["id"]][level] for each in VOLUMES}) == 3
    for names in joined:
        records = [f"rivers/{name}" for name in names]
        assert command("works", "join", *records, *option, "--why", "one work in three volumes").code == 0
    assert len({groups(rivers)[each["id"]][level] for each in VOLUMES}) == 1
    before = groups(rivers)
    rivers.clear(decisions=False)
    for name in ("2020", "2021"):
        rivers.again("rivers", name)
    assert groups(rivers) == before, "a warehouse that is filled anew heeds them too"
    for names in reversed(joined):
        for name in names[1:]:
            assert command("works", "undo", f"rivers/{names[0]}", f"rivers/{name}").code == 0
    assert len({groups(rivers)[each["id"]][level] for each in VOLUMES}) == 3
