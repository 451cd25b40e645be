-- Publications whose counts are not those of their living records get these.
WITH counted AS (
    SELECT
        records.publication_id,
        COUNT(*) AS record_count,
        COUNT(DISTINCT records.source) AS source_count
    FROM catalog.records
    WHERE records.deleted_at IS NULL
    GROUP BY records.publication_id
)

UPDATE catalog.publications
SET record_count = now.record_count, source_count = now.source_count
FROM (
    SELECT
        held.publication_id,
        COALESCE(counted.record_count, 0) AS record_count,
        COALESCE(counted.source_count, 0) AS source_count
    FROM catalog.publications AS held
    LEFT JOIN counted ON counted.publication_id = held.publication_id
) AS now
WHERE
    publications.publication_id = now.publication_id
    AND (publications.record_count, publications.source_count) <> (now.record_count, now.source_count);
