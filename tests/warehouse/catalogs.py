"""What Postgres knows of a schema, in rows that can be compared."""

from __future__ import annotations

from typing import Any

from tests.end_to_end.road import Road

_OURS = "('catalog', 'reporting', 'ops')"

#: Each a question, with rows that say all of one kind of thing.
CATALOGS = {
    "relations": f"""
        SELECT c.oid::regclass::text, c.relkind, c.reloptions, toast.reloptions, pg_get_userbyid(c.relowner),
            obj_description(c.oid, 'pg_class'), CASE WHEN c.relkind = 'v' THEN pg_get_viewdef(c.oid) END
        FROM pg_class AS c LEFT JOIN pg_class AS toast ON toast.oid = c.reltoastrelid
        WHERE c.relnamespace::regnamespace::text IN {_OURS} AND c.relkind <> 'i' ORDER BY 1""",
    "columns": f"""
        SELECT a.attrelid::regclass::text, a.attnum, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
            a.attidentity, a.attgenerated, a.attstorage, a.attcollation::regcollation::text,
            pg_get_expr(d.adbin, d.adrelid), col_description(a.attrelid, a.attnum)
        FROM pg_attribute AS a JOIN pg_class AS c ON c.oid = a.attrelid
        LEFT JOIN pg_attrdef AS d ON (d.adrelid, d.adnum) = (a.attrelid, a.attnum)
        WHERE c.relnamespace::regnamespace::text IN {_OURS} AND c.relkind <> 'i' AND a.attnum > 0 ORDER BY 1, 2""",
    "constraints": f"""
        SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid), convalidated, condeferrable, condeferred
        FROM pg_constraint WHERE connamespace::regnamespace::text IN {_OURS} ORDER BY 1, 2""",
    "indexes": f"""
        SELECT indrelid::regclass::text, pg_get_indexdef(indexrelid), indisvalid, indisunique, indisprimary
        FROM pg_index JOIN pg_class ON pg_class.oid = indrelid
        WHERE relnamespace::regnamespace::text IN {_OURS} ORDER BY 1, 2""",
    "schemas": f"""
        SELECT nspname, obj_description(oid, 'pg_namespace'), pg_get_userbyid(nspowner),
            (SELECT array_agg(each::text ORDER BY each::text) FROM unnest(nspacl) AS each)
        FROM pg_namespace WHERE nspname IN {_OURS} ORDER BY 1""",
    "rights": f"""
        SELECT c.oid::regclass::text, a.attname, coalesce(x.grantee::regrole::text, 'everybody'), x.privilege_type
        FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid AND (a.attnum > 0 OR a.attname = 'ctid'),
        aclexplode(CASE WHEN a.attnum > 0 THEN a.attacl ELSE c.relacl END) AS x
        WHERE c.relnamespace::regnamespace::text IN {_OURS} ORDER BY 1, 2, 3, 4""",
    "functions, types, sequences and triggers": f"""
        SELECT 'function', p.oid::regprocedure::text FROM pg_proc AS p WHERE pronamespace::regnamespace::text IN {_OURS}
        UNION ALL SELECT 'trigger', tgname FROM pg_trigger JOIN pg_class AS c ON c.oid = tgrelid
        WHERE c.relnamespace::regnamespace::text IN {_OURS} AND NOT tgisinternal
        UNION ALL SELECT 'type', t.oid::regtype::text FROM pg_type AS t LEFT JOIN pg_class AS c ON c.oid = t.typrelid
        WHERE typnamespace::regnamespace::text IN {_OURS} AND typtype <> 'b' AND coalesce(c.relkind, 'c') = 'c'
        ORDER BY 1, 2""",
}


def catalogs(road: Road) -> dict[str, list[tuple[Any, ...]]]:
    """All of CATALOGS of a warehouse."""
    return {name: road.rows(query) for name, query in CATALOGS.items()}
