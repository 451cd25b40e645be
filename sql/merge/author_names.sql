-- Headings that the dump brings in another spelling than the warehouse shows.
SELECT
    authors.author_id,
    {held},
    {brought}
FROM staged_authors
INNER JOIN catalog.authors ON authors.author_id = staged_authors.author_id
WHERE ({held}) IS DISTINCT FROM ({brought});
