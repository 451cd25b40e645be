-- What publications add to ops.name_counts. A name is folded once, not once a publication.
SELECT
    named.role,
    COALESCE(reporting.folded_name(named.name), '') AS folded_name,
    named.name,
    named.publication_count,
    named.doi_count
FROM (
    SELECT
        names.role,
        names.name,
        COUNT(*) AS publication_count,
        COUNT(publications.doi) AS doi_count
    FROM {publications} AS publications
    INNER JOIN catalog.records ON records.record_id = publications.canonical_record_id
    CROSS JOIN LATERAL (
        VALUES ('container', publications.container_title), ('publisher', records.publisher)
    ) AS names (role, name)
    WHERE names.name IS NOT NULL
    GROUP BY names.role, names.name
) AS named
