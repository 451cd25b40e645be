-- How many publications do two catalogues both hold, and how many does each hold alone?
CREATE OR REPLACE VIEW reporting.source_overlap AS
WITH held AS (
    SELECT DISTINCT
        records.publication_id,
        records.source
    FROM catalog.publications
    INNER JOIN catalog.records ON records.publication_id = publications.publication_id
    WHERE publications.source_count > 1
)

SELECT
    a.source AS source_a,
    b.source AS source_b,
    COUNT(*) AS publication_count
FROM held AS a
INNER JOIN held AS b ON b.publication_id = a.publication_id AND b.source > a.source
GROUP BY a.source, b.source
UNION ALL
SELECT
    records.source,
    records.source,
    COUNT(*)
FROM catalog.publications
INNER JOIN catalog.records ON records.record_id = publications.canonical_record_id
WHERE publications.source_count = 1
GROUP BY records.source;

COMMENT ON VIEW reporting.source_overlap IS 'How many publications do two catalogues both hold, and how many does each hold alone?';
COMMENT ON COLUMN reporting.source_overlap.source_a IS 'A catalogue';
COMMENT ON COLUMN reporting.source_overlap.source_b IS 'Another, later in the alphabet; the same one for the publications that no other catalogue holds';
COMMENT ON COLUMN reporting.source_overlap.publication_count IS 'Publications that both hold; where both are one, those that it holds alone';
