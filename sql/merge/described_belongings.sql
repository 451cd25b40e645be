-- What hangs on the records that are known and brought again, described in one array a record and kind of belonging.
SELECT
    links.record_id,
    'links' AS belonging,
    ARRAY_AGG(links.url_as_written ORDER BY links.position) AS described
FROM records_before
INNER JOIN {links} AS links ON links.record_id = records_before.record_id
WHERE records_before.is_brought
GROUP BY links.record_id
UNION ALL
SELECT
    identifiers.record_id,
    'identifiers',
    ARRAY_AGG(identifiers.scheme || ' ' || identifiers.value ORDER BY identifiers.scheme, identifiers.value)
FROM records_before
INNER JOIN {identifiers} AS identifiers ON identifiers.record_id = records_before.record_id
WHERE records_before.is_brought
GROUP BY identifiers.record_id
UNION ALL
SELECT
    credits.record_id,
    'credits',
    ARRAY_AGG(CONCAT_WS(', ', credits.name_as_written, credits.role) ORDER BY credits.position)
FROM records_before
INNER JOIN {credits} AS credits ON credits.record_id = records_before.record_id
WHERE records_before.is_brought
GROUP BY credits.record_id
UNION ALL
SELECT
    keys.record_id,
    'work_keys',
    ARRAY_AGG(keys.kind || ' ' || keys.key ORDER BY keys.kind, keys.key)
FROM records_before
INNER JOIN {work_keys} AS keys ON keys.record_id = records_before.record_id
WHERE records_before.is_brought
GROUP BY keys.record_id
