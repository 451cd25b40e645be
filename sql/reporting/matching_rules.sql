-- Which rules decided how many pairs, and how?
CREATE OR REPLACE VIEW reporting.matching_rules AS
SELECT
    counts.rule,
    counts.verdict,
    SUM(counts.pair_count)::bigint AS pair_count,
    SUM(counts.between_sources_count)::bigint AS pairs_between_sources,
    MIN(counts.score) AS lowest_score,
    MAX(counts.score) AS highest_score
FROM ops.pair_counts AS counts
GROUP BY counts.rule, counts.verdict;

COMMENT ON VIEW reporting.matching_rules IS 'Which rules decided how many pairs, and how?';
COMMENT ON COLUMN reporting.matching_rules.rule IS 'Name of the rule; docs/matching.md says what each means';
COMMENT ON COLUMN reporting.matching_rules.verdict IS 'duplicate, version or different';
COMMENT ON COLUMN reporting.matching_rules.pair_count IS 'Pairs that it decided so, with the few that are passed over since following them would have brought together what must stay apart';
COMMENT ON COLUMN reporting.matching_rules.pairs_between_sources IS 'Those of them whose records are of two catalogues';
COMMENT ON COLUMN reporting.matching_rules.lowest_score IS 'The least of their scores';
COMMENT ON COLUMN reporting.matching_rules.highest_score IS 'The greatest of their scores';
