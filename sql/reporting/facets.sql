-- How many publications are there of each year, source, format, language, kind and container?
CREATE OR REPLACE VIEW reporting.facets AS
SELECT
    'year' AS facet,
    publications.publication_year::text AS value,
    COUNT(*) AS publication_count
FROM catalog.publications
GROUP BY publications.publication_year
UNION ALL
SELECT
    'container',
    publications.container_title,
    COUNT(*)
FROM catalog.publications
GROUP BY publications.container_title
UNION ALL
SELECT
    'format',
    formats.format,
    COUNT(*)
FROM catalog.publications
LEFT JOIN LATERAL UNNEST(publications.format) AS formats (format) ON TRUE
GROUP BY formats.format
UNION ALL
SELECT
    'kind',
    records.publication_kind,
    COUNT(*)
FROM catalog.publications
INNER JOIN catalog.records ON records.record_id = publications.canonical_record_id
GROUP BY records.publication_kind
UNION ALL
SELECT
    'language',
    languages.language,
    COUNT(*)
FROM catalog.publications
INNER JOIN catalog.records ON records.record_id = publications.canonical_record_id
LEFT JOIN LATERAL UNNEST(records.language) AS languages (language) ON TRUE
GROUP BY languages.language
UNION ALL
SELECT
    'source',
    held.source,
    COUNT(*)
FROM (
    SELECT DISTINCT
        records.source,
        records.publication_id
    FROM catalog.records
    WHERE records.deleted_at IS NULL
) AS held
GROUP BY held.source;

COMMENT ON VIEW reporting.facets IS 'How many publications are there of each year, source, format, language, kind and container?';
COMMENT ON COLUMN reporting.facets.facet IS 'year, source, format, language, kind or container';
COMMENT ON COLUMN reporting.facets.value IS 'A value of it; null for the publications that have none';
COMMENT ON COLUMN reporting.facets.publication_count IS 'Publications that have the value; one may have several formats and languages, and be held by several sources';
