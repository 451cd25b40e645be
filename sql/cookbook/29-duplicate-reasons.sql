-- For which reasons were duplicates found, and how many?
SELECT
    duplicate_reasons.rule,
    duplicate_reasons.reason,
    duplicate_reasons.pair_count
FROM reporting.duplicate_reasons
ORDER BY duplicate_reasons.pair_count DESC, duplicate_reasons.rule, duplicate_reasons.reason;
