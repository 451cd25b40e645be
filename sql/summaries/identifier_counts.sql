-- What the identifiers of living records add to ops.identifier_counts.
SELECT
    records.source,
    records.publication_year,
    given.scheme,
    COUNT(*) FILTER (WHERE given.valid_count > 0) AS valid_record_count,
    SUM(given.invalid_count)::bigint AS invalid_count
FROM {living} AS records
INNER JOIN (
    SELECT
        identifiers.record_id,
        identifiers.scheme,
        COUNT(*) FILTER (WHERE identifiers.is_valid) AS valid_count,
        COUNT(*) FILTER (WHERE NOT identifiers.is_valid) AS invalid_count
    FROM {identifiers} AS identifiers
    GROUP BY identifiers.record_id, identifiers.scheme
) AS given ON given.record_id = records.record_id
GROUP BY records.source, records.publication_year, given.scheme
