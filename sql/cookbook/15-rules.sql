-- Which rules decide, and how often?
SELECT
    matching_rules.rule,
    matching_rules.verdict,
    matching_rules.pair_count,
    matching_rules.pairs_between_sources
FROM reporting.matching_rules
ORDER BY matching_rules.pair_count DESC, matching_rules.rule, matching_rules.verdict;
