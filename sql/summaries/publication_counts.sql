-- What publications add to ops.publication_counts.
SELECT
    publications.publication_year,
    records.publication_kind,
    publications.format,
    records.language,
    CASE
        WHEN publications.source_count = 1 THEN ARRAY[records.source]
        -- None where somebody has taken all its records out of it by hand.
        ELSE COALESCE(
            (
                SELECT ARRAY_AGG(DISTINCT members.source ORDER BY members.source)
                FROM catalog.records AS members
                WHERE members.publication_id = publications.publication_id
            ),
            '{{}}'
        )
    END AS sources,
    COUNT(*) AS publication_count,
    COUNT(publications.doi) AS doi_count
FROM {publications} AS publications
INNER JOIN catalog.records ON records.record_id = publications.canonical_record_id
GROUP BY 1, 2, 3, 4, 5
