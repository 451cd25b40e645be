"""Tables of counts (``ops.*_counts``) that reports rest on: kept up within each load, by what it changes.

Each is a sum over records, publications, works or pairs. ``sql/summaries/<table>.sql`` says what some of them add to
it. A first load adds all; any other counts what it touches before it changes anything and again when it has, and adds
the difference. So its cost follows the change, and whoever reads sees catalogue and counts of one state.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain
from typing import Final

from psycopg2 import sql
from psycopg2.extensions import connection as Connection  # noqa: N812
from sqlalchemy import ARRAY, Table

from pipelines.stable_ids import UNIT_SEPARATOR, stable_id
from pipelines.warehouse.statements import statement, statements_of
from pipelines.warehouse.tables.catalog import records
from pipelines.warehouse.tables.summaries import SUMS, is_count

#: What is counted when all is. The narrow copy of living records spares reading the wide table once for each summary.
_EVERYTHING: Final = {
    "records": "catalog.records",
    "living": "living_records",
    "members": "living_records",
    "publications": "catalog.publications",
    "works": "catalog.works",
    "identifiers": "catalog.record_identifiers",
    "links": "catalog.links",
    "pairs": "catalog.work_evidence",
}

#: What is counted of a change: the table, the temporary table that names its touched rows, and by which columns. What
#: hangs on new records, and these themselves, need not be looked up: it was staged.
_TOUCHED: Final = {
    "records": ("catalog.records", "recounted_known", ("record_id",)),
    "living": ("catalog.living", "recounted_known", ("record_id",)),
    "members": ("catalog.living", "recounted_works", ("work_id",)),
    "publications": ("catalog.publications", "recounted_publications", ("publication_id",)),
    "works": ("catalog.works", "recounted_works", ("work_id",)),
    "identifiers": ("catalog.record_identifiers", "recounted_known", ("record_id",)),
    "links": ("catalog.links", "recounted_known", ("record_id",)),
    "pairs": ("catalog.work_evidence", "recounted_pairs", ("record_id_a", "record_id_b")),
}

#: Columns of records of which a summary reads the value. Of the others it counts at most how many records have one, or
#: the publication says what they show.
_COUNTED_BY_VALUE: Final = ("language", "publication_kind", "publication_year", "publisher")

#: Columns of the summary of authors that are bounds, and no sums: what finds one, and what joins two.
_BOUNDS: Final = {"first_year": ("MIN", "LEAST"), "last_year": ("MAX", "GREATEST")}

#: Room for grouping a whole catalogue, in the transaction of a first load alone; a tenth of it would spill to disk.
_GROUPING_MEMORY: Final = "256MB"


def rules() -> str:
    """Changes whenever what a row of a summary counts does: then all of them are counted anew."""
    files = [*statements_of("summaries"), *statements_of("functions")]
    return str(stable_id(UNIT_SEPARATOR.join(f"{name}{UNIT_SEPARATOR}{text.string}" for name, text in files)))


def count_everything(connection: Connection) -> None:
    """Count all summaries from nothing, within the open transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('work_mem', %s, true)", (_GROUPING_MEMORY,))
        cursor.execute(statement("merge/living_records"))
        for table in SUMS:
            cursor.execute(_whole(table))
        cursor.execute("SET LOCAL work_mem TO DEFAULT")
        cursor.execute("DROP TABLE living_records")
        cursor.execute(sql.SQL("ANALYZE {}").format(sql.SQL(", ").join(map(_identifier, SUMS))))


def count_everything_anew(connection: Connection) -> dict[str, int]:
    """The same; how many rows of each summary were not what they must be, by its name with the schema."""
    differing: dict[str, int] = {}
    with connection.cursor() as cursor:
        for table in SUMS:
            text = sql.SQL(statement("recount/hold").string)
            cursor.execute(text.format(held=_temporary("held", table), table=_identifier(table)))
        count_everything(connection)
        for table in SUMS:
            cursor.execute(
                sql.SQL(statement("recount/differing").string).format(
                    held=_temporary("held", table), table=_identifier(table), key=_listed(_key(table))
                )
            )
            (differing[str(table)],) = cursor.fetchone() or (0,)
    return differing


def note_summaries_before(connection: Connection) -> None:
    """Count what a change touches before it does, within its transaction, from the staged tables."""
    with connection.cursor() as cursor:
        cursor.execute(statement("merge/touched"))
        for groups, key in (("publications", "publication_id"), ("works", "work_id")):
            cursor.execute(
                sql.SQL(statement("merge/touched_groups").string).format(
                    recounted=sql.Identifier(f"recounted_{groups}"),
                    staged=sql.Identifier(f"staged_{groups}"),
                    key=sql.Identifier(key),
                )
            )
        for table in SUMS:
            text = sql.SQL(statement("merge/summary_before").string)
            cursor.execute(text.format(before=_temporary("before", table), counted=_counted(table, is_done=False)))


def counted_otherwise(columns: Iterable[str]) -> sql.Composed:
    """Whether a summary counts a staged version of a record in other rows than the held one, as a condition.

    Of most ``columns`` of records it counts but whether there is a value.
    """

    def values(table: str) -> sql.Composed:
        by_value = (sql.Identifier(table, name) for name in _COUNTED_BY_VALUE)
        return sql.SQL("({})").format(sql.SQL(", ").join(chain(by_value, (_is_empty(table, name) for name in columns))))

    columns = list(columns)
    return sql.SQL("{} IS DISTINCT FROM {}").format(values("records"), values("staged_records"))


def _is_empty(table: str, column: str) -> sql.Composed:
    is_array = isinstance(records.columns[column].type, ARRAY)
    value = sql.Identifier(table, column)
    return sql.SQL("COALESCE(CARDINALITY({}), 0) = 0" if is_array else "{} IS NULL").format(value)


def add_differences(connection: Connection) -> None:
    """Add to each summary what the change has made of what it touched."""
    with connection.cursor() as cursor:
        for table in SUMS:
            counted: sql.Composable = _counted(table, is_done=True)
            if not _is_digested(table):
                # Its years need both counts apart.
                now = _temporary("now", table)
                text = sql.SQL(statement("merge/summary_before").string)
                cursor.execute(text.format(before=now, counted=counted))
                counted = sql.SQL("SELECT * FROM {}").format(now)
            cursor.execute(_difference(table, counted))
        cursor.execute(statement("merge/author_years"))


def _counted(table: Table, *, is_done: bool) -> sql.Composed:
    """What the touched add to a summary, before the change or when it is done."""
    return sql.SQL(statement(f"summaries/{table.name}").string).format(
        **{name: _touched(*where, is_done=is_done) for name, where in _TOUCHED.items()}
    )


def _touched(table: str, touched: str, columns: tuple[str, ...], *, is_done: bool) -> sql.Composed:
    """The touched rows of a table; of ``catalog.living``, which there is not, those of living records."""
    is_living = table == "catalog.living"
    schema, _, name = ("catalog.records" if is_living else table).partition(".")
    same = [
        sql.SQL("{} = {}").format(sql.Identifier(name, column), sql.Identifier(touched, column)) for column in columns
    ]
    join = "SELECT {name}.* FROM {touched} INNER JOIN {table} AS {name} ON {same}{only}"
    if is_done and touched == f"recounted_{name}":
        # Those that were brought, and all of these are touched, stand as they were staged.
        join += " WHERE NOT EXISTS (SELECT FROM {staged} WHERE {staged}.{column} = {touched}.{column})"
        join += " UNION ALL SELECT * FROM {staged}"
    if is_done and touched == "recounted_known":
        join += " UNION ALL SELECT {name}.* FROM recounted_new INNER JOIN {staged} AS {name} USING (record_id){only}"
    return sql.SQL(f"({join})").format(
        name=sql.Identifier(name),
        touched=sql.Identifier(touched),
        table=sql.Identifier(schema, name),
        staged=sql.Identifier(f"staged_{name}"),
        column=sql.Identifier(columns[0]),
        same=sql.SQL(" AND ").join(same),
        only=sql.SQL(" WHERE records.deleted_at IS NULL" if is_living else ""),
    )


def _whole(table: Table) -> sql.Composed:
    """The statement ``sql/merge/summary_whole.sql`` for a summary."""
    sources = {name: sql.Identifier(*place.split(".")) for name, place in _EVERYTHING.items()}
    names = [column.name for column in table.columns]
    columns = [name for name in names if not table.columns[name].primary_key]
    values = [_key_of(table), *map(sql.Identifier, columns)]
    return sql.SQL(statement("merge/summary_whole").string).format(
        table=_identifier(table),
        every_column=_listed([*_key(table), *columns]),
        every_value=sql.SQL(", ").join(values),
        counted=sql.SQL(statement(f"summaries/{table.name}").string).format(**sources),
    )


def _difference(table: Table, counted: sql.Composable) -> sql.Composed:
    """The statement ``sql/merge/summary_difference.sql`` for a summary."""
    counts = [column.name for column in table.columns if is_count(column)]
    others = [column.name for column in table.columns if not is_count(column)]
    bounds = [name for name in others if name in _BOUNDS and not _is_digested(table)]
    columns = [name for name in others if name not in [*_key(table), *bounds]] or _key(table)
    sums = {name: sql.SQL("SUM({0})::bigint").format(sql.Identifier(name)) for name in counts}
    told = sums | {name: sql.SQL(f"{_BOUNDS[name][0]}({{0}})").format(sql.Identifier(name)) for name in bounds}
    negated = [sql.SQL("-{0}").format(sql.Identifier(name)) for name in counts]
    added = dict.fromkeys(counts, "{0} = {1} + {2}")
    added |= {name: f"{{0}} = {_BOUNDS[name][1]}({{1}}, {{2}})" for name in bounds}
    described: list[sql.Composable] = [sql.Identifier(name) for name in columns]
    if _is_digested(table):
        described.insert(0, sql.SQL("{} AS {}").format(_key_of(table), _listed(_key(table))))
    difference = f"difference_{table.name}"
    return sql.SQL(statement("merge/summary_difference").string).format(
        table=_identifier(table),
        name=sql.Identifier(table.name),
        difference=sql.Identifier(difference),
        before=_temporary("before", table),
        counted=counted,
        key=_listed(_key(table)),
        described=sql.SQL(", ").join(described),
        columns=_listed(columns),
        key_and_columns=_listed(dict.fromkeys([*_key(table), *columns])),
        counts=_listed(told),
        # What was is taken from sums alone.
        negated=sql.SQL(", ").join([*negated, *[sql.SQL("NULL")] * len(bounds)]),
        sums=sql.SQL(", ").join(
            sql.SQL("{} AS {}").format(total, sql.Identifier(name)) for name, total in told.items()
        ),
        bare_sums=sql.SQL(", ").join(sums.values()),
        zeros=sql.SQL(", ").join([sql.Literal(0)] * len(counts)),
        held_counts=sql.SQL(", ").join(sql.Identifier(table.name, name) for name in counts),
        lost_counts=sql.SQL(", ").join(sql.Identifier(difference, name) for name in counts),
        added=sql.SQL(", ").join(
            sql.SQL(text).format(
                sql.Identifier(name), sql.Identifier(table.name, name), sql.Identifier(difference, name)
            )
            for name, text in added.items()
        ),
    )


def _is_digested(table: Table) -> bool:
    """Whether the key is the digest of the other columns, as it is of all summaries but that of authors."""
    return "key_id" in table.columns


def _key(table: Table) -> list[str]:
    return [column.name for column in table.primary_key]


def _key_of(table: Table) -> sql.Composable:
    """The key of a row: the digest of its columns, or what stands for it already."""
    if not _is_digested(table):
        return _listed(_key(table))
    described = [column.name for column in table.columns if not is_count(column) and not column.primary_key]
    return sql.SQL("MD5(ROW({})::text)::uuid").format(_listed(described))


def _listed(names: Iterable[str]) -> sql.Composed:
    return sql.SQL(", ").join(map(sql.Identifier, names))


def _identifier(table: Table) -> sql.Identifier:
    return sql.Identifier(str(table.schema), table.name)


def _temporary(prefix: str, table: Table) -> sql.Identifier:
    return sql.Identifier(f"{prefix}_{table.name}")
