-- How many publications are there of each year, source, format, language, kind and container?
CREATE OR REPLACE VIEW reporting.facets AS
SELECT
    'year' AS facet,
    counts.publication_year::text AS value,
    SUM(counts.publication_count)::bigint AS publication_count
FROM ops.publication_counts AS counts
GROUP BY counts.publication_year
UNION ALL
SELECT
    'container',
    names.name,
    SUM(names.publication_count)::bigint
FROM ops.name_counts AS names
WHERE names.role = 'container'
GROUP BY names.name
UNION ALL
SELECT
    'container',
    NULL,
    everything.publication_count - named.publication_count
FROM (SELECT COALESCE(SUM(counts.publication_count), 0)::bigint AS publication_count FROM ops.publication_counts AS counts)
AS everything
CROSS JOIN (
    SELECT COALESCE(SUM(names.publication_count), 0)::bigint AS publication_count
    FROM ops.name_counts AS names
    WHERE names.role = 'container'
) AS named
WHERE everything.publication_count > named.publication_count
UNION ALL
SELECT
    'format',
    formats.format,
    SUM(counts.publication_count)::bigint
FROM ops.publication_counts AS counts
LEFT JOIN LATERAL UNNEST(counts.format) AS formats (format) ON TRUE
GROUP BY formats.format
UNION ALL
SELECT
    'kind',
    counts.publication_kind,
    SUM(counts.publication_count)::bigint
FROM ops.publication_counts AS counts
GROUP BY counts.publication_kind
UNION ALL
SELECT
    'language',
    languages.language,
    SUM(counts.publication_count)::bigint
FROM ops.publication_counts AS counts
LEFT JOIN LATERAL UNNEST(counts.language) AS languages (language) ON TRUE
GROUP BY languages.language
UNION ALL
SELECT
    'source',
    sources.source,
    SUM(counts.publication_count)::bigint
FROM ops.publication_counts AS counts
CROSS JOIN LATERAL UNNEST(counts.sources) AS sources (source)
GROUP BY sources.source;

COMMENT ON VIEW reporting.facets IS 'How many publications are there of each year, source, format, language, kind and container?';
COMMENT ON COLUMN reporting.facets.facet IS 'year, source, format, language, kind or container';
COMMENT ON COLUMN reporting.facets.value IS 'A value of it; null for the publications that have none';
COMMENT ON COLUMN reporting.facets.publication_count IS 'Publications that have the value; one may have several formats and languages, and be held by several sources';
