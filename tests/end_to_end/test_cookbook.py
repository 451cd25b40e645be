"""The cookbook's questions, asked of the shipped sample."""

from pipelines.cookbook import PAGE, SAMPLE, cookbook
from pipelines.dumps import find_dumps
from tests.end_to_end.road import Road


def test_the_page_shows_what_the_sample_answers(road: Road):
    for dump in find_dumps(SAMPLE):
        road.ingest(dump.source, dump.name, dump.path)
    assert cookbook(road.url, embedded=False) == PAGE.read_text(encoding="utf-8"), "run: make cookbook"
