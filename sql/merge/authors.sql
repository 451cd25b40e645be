-- Headings not known yet; a known one gains an ORCID where it had none.
INSERT INTO catalog.authors
SELECT staged_authors.*
FROM staged_authors
ON CONFLICT (author_id) DO UPDATE
    SET orcid = excluded.orcid
    WHERE authors.orcid IS NULL AND excluded.orcid IS NOT NULL;
