"""What an asset's page shows a person: counts, rates, schema, a sample."""

from __future__ import annotations

from typing import Any, Final

import dagster as dg
import pyarrow as pa
import sqlalchemy

from pipelines.parts import Parts
from pipelines.plain import printable
from pipelines.readers.answers import other_kinds_in_words, passed_over_in_words, skipped_in_words
from pipelines.warehouse.history import Counts

#: Rows and characters of a sample.
SAMPLE_ROWS: Final = 5
SAMPLE_WIDTH: Final = 80


def column_schema(schema: pa.Schema, table: sqlalchemy.Table | None = None) -> dict[str, dg.TableSchemaMetadataValue]:
    """The columns of a frame, as Dagster shows them, with the comments of the table that they go to."""
    comments = {column.name: column.comment for column in table.columns} if table is not None else {}
    columns = [
        dg.TableColumn(
            field.name, str(field.type), comments.get(field.name), dg.TableColumnConstraints(nullable=field.nullable)
        )
        for field in schema
    ]
    return {"dagster/column_schema": dg.TableSchemaMetadataValue(dg.TableSchema(columns))}


def table_schema(table: sqlalchemy.Table) -> dict[str, dg.TableSchemaMetadataValue]:
    """The columns of a warehouse table with their comments."""
    columns = [
        dg.TableColumn(
            column.name, str(column.type), column.comment, dg.TableColumnConstraints(nullable=bool(column.nullable))
        )
        for column in table.columns
    ]
    return {"dagster/column_schema": dg.TableSchemaMetadataValue(dg.TableSchema(columns))}


def sample(table: pa.Table, columns: list[str]) -> dg.MarkdownMetadataValue:
    """The first rows of a frame as a Markdown table. The text comes from catalogues: nothing in it is markup."""
    rows = table.select(columns).slice(0, SAMPLE_ROWS).to_pylist()
    lines = ["| " + " | ".join(columns) + " |", "|" + " --- |" * len(columns)]
    lines += ["| " + " | ".join(_cell(row[column]) for column in columns) + " |" for row in rows]
    return dg.MetadataValue.md("\n".join(lines))


def _cell(value: Any) -> str:
    text = "" if value is None else "; ".join(map(str, value)) if isinstance(value, list) else str(value)
    # Whatever Markdown or Unicode takes for the end of a line is a blank; what a terminal obeys becomes visible.
    line = printable(" ".join(text.split()))
    shown = line if len(line) <= SAMPLE_WIDTH else line[: SAMPLE_WIDTH - 1] + "…"
    return "".join(f"&#{ord(letter)};" if letter in "|<>&`*_[]()\\!#~" else letter for letter in shown)


def _rate(count: int, seconds: float) -> float:
    return round(count / seconds, 1) if seconds > 0 else 0.0


def extracted(manifest: dict[str, Any], parts: Parts) -> dict[str, Any]:
    """What extraction read."""
    shown = ["id", "title", "author", "publishDate", "format", "url"]
    refused = _quarantined_sample(parts) if manifest["quarantined"] else {}
    return {
        "dagster/row_count": manifest["documents"],
        "quarantined": manifest["quarantined"],
        **({"passed over": passed_over_in_words(manifest["passed_over"])} if manifest["passed_over"] else {}),
        **({"skipped": skipped_in_words(manifest["skipped"], manifest["named"])} if manifest["skipped"] else {}),
        **({"of other kinds": other_kinds_in_words(manifest["other_kinds"])} if manifest["other_kinds"] else {}),
        **({"records that lost characters": manifest["lost_characters"]} if manifest["lost_characters"] else {}),
        "deletions": manifest["deletions"],
        "counts as": manifest["kind"],
        **({"not the whole of what a server had to give": manifest["missing"]} if manifest["missing"] else {}),
        "bytes": manifest["bytes"],
        "seconds": round(manifest["seconds"], 2),
        "records per second": _rate(manifest["documents"], manifest["seconds"]),
        "read from": dg.MetadataValue.path(manifest["path"]),
        "sha256": manifest["sha256"],
        "authors cut exactly": manifest["authors_cut"]["exact"],
        "authors cut by inference": manifest["authors_cut"]["inferred"],
        "authors left uncut": manifest["authors_cut"]["uncut"],
        "already extracted": bool(manifest.get("reused")),
        "sample": sample(parts.read("records", 0, shown), shown),
        **refused,
    }


def _quarantined_sample(parts: Parts) -> dict[str, dg.MarkdownMetadataValue]:
    """What was not read, and why: a dump that fails its check never gets as far as ops.quarantine."""
    columns = ["file", "member", "offset", "line", "reason"]
    table = next(table for _, table in parts.tables("quarantined", columns) if len(table))
    return {"quarantined, a sample": sample(table, columns)}


def normalized(manifest: dict[str, Any], parts: Parts, frame: str, columns: list[str]) -> dict[str, Any]:
    """What normalisation made of one frame."""
    rows = manifest["rows"][frame]
    return {
        "dagster/row_count": rows,
        "seconds": round(manifest["seconds"], 2),
        "rows per second": _rate(rows, manifest["seconds"]),
        "already normalised": bool(manifest.get("reused")),
        "sample": sample(parts.read(frame, 0, columns), columns),
    }


def counts(outcome: Counts) -> dict[str, int]:
    """The figures of a load under their names in words."""
    return {name.removeprefix("records_"): value for name, value in vars(outcome).items()}
