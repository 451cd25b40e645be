"""Every format a dump may have; a format is one module of this package, and is added here."""

from __future__ import annotations

from typing import Final

from pipelines.readers import (
    api_alone,
    europe_pmc,
    harvest_folder,
    jats,
    json_lines,
    marc21,
    marc_answers,
    marcxml,
    medline_text,
    oai_pmh,
    page_html,
    page_rows,
    page_text,
    pubmed_xml,
    rest_api,
    solr_csv,
    solr_json,
    solr_xml,
    warc,
)
from pipelines.readers.chunks import Format

#: Every format a dump may have; the first that recognises a file reads it.
FORMATS: Final[tuple[Format, ...]] = (
    rest_api.FORMAT,
    europe_pmc.FORMAT,
    page_rows.FORMAT,
    page_rows.PARQUET,
    api_alone.FORMAT,
    json_lines.FORMAT,
    solr_json.FORMAT,
    solr_xml.FORMAT,
    solr_csv.FORMAT,
    oai_pmh.FORMAT,
    marc21.WITHOUT_IDS,
    marc21.FORMAT,
    marcxml.WITHOUT_IDS,
    marcxml.FORMAT,
    marc_answers.FORMAT,
    pubmed_xml.FORMAT,
    jats.FORMAT,
    medline_text.FORMAT,
    warc.FORMAT,
    page_html.FORMAT,
    page_text.FORMAT,
    marc21.BEHIND_TEXT,
)

#: Formats whose files are parts of a dump: pages of a catalogue, answers to one request after another, articles.
PAGE_FORMATS: Final[tuple[Format, ...]] = (
    page_text.FORMAT,
    rest_api.FORMAT,
    oai_pmh.FORMAT,
    jats.FORMAT,
    europe_pmc.FORMAT,
    marc_answers.FORMAT,
)

#: Formats whose records may stand on many lines, and are made a line each to be parsed.
MADE_LINES: Final = frozenset(one.FORMAT.name for one in (rest_api, europe_pmc, api_alone, solr_json))

#: Goes up when a reader reads the same bytes differently.
READERS_VERSION: Final = 21

#: Every format, and that of files which their names tell, by its name.
BY_NAME: Final = {one.name: one for one in (*FORMATS, harvest_folder.FORMAT)}


def format_called(name: str) -> Format | None:
    """The format of a name, ``None`` where there is none (any more)."""
    return BY_NAME.get(name)
