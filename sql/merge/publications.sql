-- Publications that are new, and those of which anything differs.
WITH known AS (
    UPDATE catalog.publications
    SET ({columns}) = ROW({staged})
    FROM staged_publications
    WHERE publications.publication_id = staged_publications.publication_id
    RETURNING publications.publication_id
)

INSERT INTO catalog.publications ({columns})
SELECT {columns}
FROM staged_publications
WHERE NOT EXISTS (SELECT FROM known WHERE known.publication_id = staged_publications.publication_id)
ORDER BY staged_publications.publication_id;
