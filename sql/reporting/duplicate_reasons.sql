-- By which rules and for which reasons were duplicates found, and how many?
CREATE OR REPLACE VIEW reporting.duplicate_reasons AS
SELECT
    counts.rule,
    counts.reason,
    SUM(counts.pair_count)::bigint AS pair_count,
    SUM(counts.between_sources_count)::bigint AS pairs_between_sources,
    MIN(counts.score) AS lowest_score,
    MAX(counts.score) AS highest_score
FROM ops.pair_counts AS counts
WHERE counts.verdict = 'duplicate'
GROUP BY counts.rule, counts.reason;

COMMENT ON VIEW reporting.duplicate_reasons IS 'By which rules and for which reasons were duplicates found, and how many?';
COMMENT ON COLUMN reporting.duplicate_reasons.rule IS 'Name of the rule that decided';
COMMENT ON COLUMN reporting.duplicate_reasons.reason IS 'The reason in words';
COMMENT ON COLUMN reporting.duplicate_reasons.pair_count IS 'Pairs of records that it decided to be one publication, with the few that are passed over (reporting.duplicates tells which)';
COMMENT ON COLUMN reporting.duplicate_reasons.pairs_between_sources IS 'Those of them whose records are of two catalogues';
COMMENT ON COLUMN reporting.duplicate_reasons.lowest_score IS 'Least confidence of the rule, 0 to 1';
COMMENT ON COLUMN reporting.duplicate_reasons.highest_score IS 'Greatest confidence of the rule, 0 to 1';
