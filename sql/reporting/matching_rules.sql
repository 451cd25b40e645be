-- Which rules decided how many pairs, and how?
CREATE OR REPLACE VIEW reporting.matching_rules AS
SELECT
    work_evidence.rule,
    work_evidence.verdict,
    COUNT(*) AS pair_count,
    COUNT(*) FILTER (WHERE a.source <> b.source) AS pairs_between_sources,
    MIN(work_evidence.score) AS lowest_score,
    MAX(work_evidence.score) AS highest_score
FROM catalog.work_evidence
INNER JOIN catalog.records AS a ON a.record_id = work_evidence.record_id_a
INNER JOIN catalog.records AS b ON b.record_id = work_evidence.record_id_b
GROUP BY work_evidence.rule, work_evidence.verdict;

COMMENT ON VIEW reporting.matching_rules IS 'Which rules decided how many pairs, and how?';
COMMENT ON COLUMN reporting.matching_rules.rule IS 'Name of the rule; docs/matching.md says what each means';
COMMENT ON COLUMN reporting.matching_rules.verdict IS 'duplicate, version or different';
COMMENT ON COLUMN reporting.matching_rules.pair_count IS 'Pairs that it decided so';
COMMENT ON COLUMN reporting.matching_rules.pairs_between_sources IS 'Those of them whose records are of two catalogues';
COMMENT ON COLUMN reporting.matching_rules.lowest_score IS 'The least of their scores';
COMMENT ON COLUMN reporting.matching_rules.highest_score IS 'The greatest of their scores';
