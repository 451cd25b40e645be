-- Which records are duplicates, and why do we think so?
SELECT
    duplicates.source_a || '/' || duplicates.source_record_id_a AS record_a,
    duplicates.source_b || '/' || duplicates.source_record_id_b AS record_b,
    duplicates.rule,
    duplicates.reason
FROM reporting.duplicates
ORDER BY record_a, record_b;
