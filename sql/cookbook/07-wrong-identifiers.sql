-- Which identifiers are wrong, and why? For the cataloguers.
SELECT
    records.source,
    records.source_record_id,
    record_identifiers.scheme,
    record_identifiers.value_as_written,
    record_identifiers.invalid_reason
FROM catalog.record_identifiers
INNER JOIN reporting.records ON records.record_id = record_identifiers.record_id
WHERE NOT record_identifiers.is_valid
ORDER BY records.source, records.source_record_id, record_identifiers.scheme
LIMIT 10;
