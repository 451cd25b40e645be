-- Headings not known yet; which spelling of a known one is shown is decided apart.
INSERT INTO catalog.authors
SELECT staged_authors.*
FROM staged_authors
ORDER BY staged_authors.author_id
ON CONFLICT (author_id) DO NOTHING;
