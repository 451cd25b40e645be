-- Headings not known yet; how known ones are spelt is decided once the credits are in.
INSERT INTO catalog.authors
SELECT staged_authors.*
FROM staged_authors
WHERE NOT EXISTS (SELECT FROM held_authors WHERE held_authors.author_id = staged_authors.author_id)
ORDER BY staged_authors.author_id
ON CONFLICT (author_id) DO NOTHING;
