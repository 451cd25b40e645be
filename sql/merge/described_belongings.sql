-- What hangs on the records that are known and brought again, where any of it differs, described in one array a record
-- and kind of belonging; and again in full, with all that the catalogue says of it.
SELECT
    links.record_id,
    'links' AS belonging,
    ARRAY_AGG(links.url_as_written ORDER BY links.position) AS described,
    ARRAY_AGG(links.url_as_written ORDER BY links.position) AS in_full
FROM (
    SELECT DISTINCT different_links.record_id
    FROM different_links
) AS touched
INNER JOIN records_before ON records_before.record_id = touched.record_id AND records_before.is_brought
INNER JOIN {links} AS links ON links.record_id = touched.record_id
GROUP BY links.record_id
UNION ALL
SELECT
    identifiers.record_id,
    'identifiers',
    ARRAY_AGG(identifiers.scheme || ' ' || identifiers.value ORDER BY identifiers.scheme, identifiers.value),
    ARRAY_AGG(
        CONCAT_WS(' ', identifiers.scheme, identifiers.value_as_written, identifiers.source_field)
        ORDER BY identifiers.scheme, identifiers.value
    )
FROM (
    SELECT DISTINCT different_record_identifiers.record_id
    FROM different_record_identifiers
) AS touched
INNER JOIN records_before ON records_before.record_id = touched.record_id AND records_before.is_brought
INNER JOIN {identifiers} AS identifiers ON identifiers.record_id = touched.record_id
GROUP BY identifiers.record_id
UNION ALL
SELECT
    credits.record_id,
    'credits',
    ARRAY_AGG(CONCAT_WS(', ', credits.name_as_written, credits.role) ORDER BY credits.position),
    ARRAY_AGG(
        CONCAT_WS(', ', credits.name_as_written, credits.role, credits.source_field) ORDER BY credits.position
    )
FROM (
    SELECT DISTINCT different_record_authors.record_id
    FROM different_record_authors
) AS touched
INNER JOIN records_before ON records_before.record_id = touched.record_id AND records_before.is_brought
INNER JOIN {credits} AS credits ON credits.record_id = touched.record_id
GROUP BY credits.record_id
UNION ALL
SELECT
    keys.record_id,
    'work_keys',
    ARRAY_AGG(keys.key ORDER BY keys.kind, keys.key),
    ARRAY_AGG(keys.key ORDER BY keys.kind, keys.key)
FROM (
    SELECT DISTINCT different_record_work_keys.record_id
    FROM different_record_work_keys
) AS touched
INNER JOIN records_before ON records_before.record_id = touched.record_id AND records_before.is_brought
INNER JOIN {work_keys} AS keys ON keys.record_id = touched.record_id
GROUP BY keys.record_id
