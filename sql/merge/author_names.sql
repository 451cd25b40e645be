-- Spellings that the dump brings of headings that the warehouse shows in another one.
SELECT
    authors.author_id,
    authors.name AS held,
    staged_authors.name AS brought
FROM staged_authors
INNER JOIN catalog.authors ON authors.author_id = staged_authors.author_id
WHERE authors.name <> staged_authors.name;
