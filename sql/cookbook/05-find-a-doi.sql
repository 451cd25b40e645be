-- Which records have this DOI, in which catalogue? The scheme and its value are indexed.
SELECT
    records.source,
    records.source_record_id,
    records.title,
    record_identifiers.value_as_written
FROM catalog.record_identifiers
INNER JOIN reporting.records ON records.record_id = record_identifiers.record_id
WHERE record_identifiers.scheme = 'doi' AND record_identifiers.value = '10.5555/jqr.12.201'
ORDER BY records.source, records.source_record_id;
