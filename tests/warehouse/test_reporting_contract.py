"""``reporting`` is a contract: its columns are only added to."""

from __future__ import annotations

import pytest

from pipelines.warehouse.connection import connect
from pipelines.warehouse.connection import warehouse_url as parse_url
from pipelines.warehouse.schema import prepare
from tests.warehouse.reporting_contract import ReportColumn, broken, held, promised


def test_no_column_of_a_report_disappears_changes_its_type_or_moves(warehouse_url: str):
    with connect(parse_url(warehouse_url)) as connection:
        prepare(connection)
        columns = held(connection)
    assert broken(promised(), columns) == []
    new = sorted(set(columns) - set(promised()))
    assert new == [], "promise what is new: python -m tests.warehouse.reporting_contract"


A = [ReportColumn("works", "title", "text"), ReportColumn("works", "year", "integer")]


@pytest.mark.parametrize(
    ("columns", "wrong"),
    [
        ([*A, ReportColumn("works", "new", "text"), ReportColumn("more", "new", "text")], None),
        (A[:1], "reporting.works has no column year any more"),
        ([A[0], ReportColumn("works", "year", "bigint")], "reporting.works.year was integer and is bigint"),
        ([A[0], ReportColumn("works", "new", "text"), A[1]], "in another order, or new ones not at the end"),
        ([], "has no column title"),
    ],
    ids=["added", "gone", "another type", "in between", "view gone"],
)
def test_what_breaks_the_contract_is_told(columns: list[ReportColumn], wrong: str | None):
    found = broken(A, columns)
    assert (not found) if wrong is None else wrong in found[0]
