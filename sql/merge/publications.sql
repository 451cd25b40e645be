-- Publications that are new, and those of which anything differs.
INSERT INTO catalog.publications ({columns})
SELECT {columns}
FROM staged_publications
ORDER BY staged_publications.publication_id
ON CONFLICT (publication_id) DO UPDATE
    SET ({columns}) = ROW({excluded});
