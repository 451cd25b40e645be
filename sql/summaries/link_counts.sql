-- What the links of living records add to ops.link_counts.
SELECT
    records.source,
    given.host,
    given.kind,
    SUM(given.link_count)::bigint AS link_count,
    COUNT(*) AS record_count,
    SUM(given.invalid_count)::bigint AS invalid_count
FROM {living} AS records
INNER JOIN (
    SELECT
        links.record_id,
        links.host,
        links.kind,
        COUNT(*) AS link_count,
        COUNT(*) FILTER (WHERE NOT links.is_valid) AS invalid_count
    FROM {links} AS links
    GROUP BY links.record_id, links.host, links.kind
) AS given ON given.record_id = records.record_id
GROUP BY records.source, given.host, given.kind
