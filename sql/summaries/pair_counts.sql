-- What decided pairs add to ops.pair_counts.
SELECT
    pairs.verdict,
    pairs.rule,
    pairs.reason,
    pairs.score,
    COUNT(*) AS pair_count,
    COUNT(*) FILTER (WHERE a.source <> b.source) AS between_sources_count
FROM {pairs} AS pairs
INNER JOIN catalog.records AS a ON a.record_id = pairs.record_id_a
INNER JOIN catalog.records AS b ON b.record_id = pairs.record_id_b
GROUP BY pairs.verdict, pairs.rule, pairs.reason, pairs.score
