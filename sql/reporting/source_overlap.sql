-- How many publications do two catalogues both hold, and how many does each hold alone?
CREATE OR REPLACE VIEW reporting.source_overlap AS
SELECT
    a.source AS source_a,
    b.source AS source_b,
    SUM(counts.publication_count)::bigint AS publication_count
FROM ops.publication_counts AS counts
CROSS JOIN LATERAL UNNEST(counts.sources) AS a (source)
CROSS JOIN LATERAL UNNEST(counts.sources) AS b (source)
WHERE b.source > a.source OR CARDINALITY(counts.sources) = 1
GROUP BY a.source, b.source;

COMMENT ON VIEW reporting.source_overlap IS 'How many publications do two catalogues both hold, and how many does each hold alone?';
COMMENT ON COLUMN reporting.source_overlap.source_a IS 'A catalogue';
COMMENT ON COLUMN reporting.source_overlap.source_b IS 'Another, later in the alphabet; the same one for the publications that no other catalogue holds';
COMMENT ON COLUMN reporting.source_overlap.publication_count IS 'Publications that both hold; where both are one, those that it holds alone';
