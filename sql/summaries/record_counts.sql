-- What living records add to ops.record_counts.
SELECT
    records.source,
    records.publication_year,
    COUNT(*) AS record_count,
    COUNT(records.title) AS title_count,
    COUNT(NULLIF(CARDINALITY(records.author_names), 0)) AS author_count,
    COUNT(records.publication_year_note) AS doubtful_year_count,
    COUNT(NULLIF(CARDINALITY(records.language), 0)) AS language_count,
    COUNT(NULLIF(CARDINALITY(records.format), 0)) AS format_count,
    COUNT(NULLIF(CARDINALITY(records.topics), 0)) AS topic_count,
    COUNT(records.description) AS description_count,
    COUNT(records.container_title) AS container_count,
    COUNT(records.publisher) AS publisher_count,
    COUNT(records.doi) AS doi_count,
    COUNT(records.license_url) AS license_count
FROM {records} AS records
WHERE records.deleted_at IS NULL
GROUP BY records.source, records.publication_year
