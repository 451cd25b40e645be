"""The data dictionary says what the schema says."""

from pipelines.warehouse.connection import connect
from pipelines.warehouse.connection import warehouse_url as parse_url
from pipelines.warehouse.dictionary import DESCRIBED_SCHEMAS, PAGE, data_dictionary
from pipelines.warehouse.schema import prepare
from pipelines.warehouse.tables import SCHEMAS


def test_the_page_is_not_behind_the_schema(warehouse_url: str):
    with connect(parse_url(warehouse_url)) as connection:
        prepare(connection)
        assert data_dictionary(connection) == PAGE.read_text(encoding="utf-8"), "run: make dictionary"


def test_no_schema_is_left_out():
    assert set(DESCRIBED_SCHEMAS) == set(SCHEMAS)
