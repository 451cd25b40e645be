-- Headings not known yet; a known one gains a year of death where it had none.
INSERT INTO catalog.authors
SELECT staged_authors.*
FROM staged_authors
ON CONFLICT (author_id) DO UPDATE
    SET death_year = excluded.death_year
    WHERE authors.death_year IS NULL AND excluded.death_year IS NOT NULL;
