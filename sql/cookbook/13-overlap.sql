-- How many publications do two catalogues share, and how many does each hold alone?
SELECT
    source_overlap.source_a,
    source_overlap.source_b,
    source_overlap.publication_count
FROM reporting.source_overlap
ORDER BY source_overlap.source_a, source_overlap.source_b;
