-- How headings whose spelling is in question are shown.
SELECT
    authors.author_id,
    {held}
FROM respelt_authors
INNER JOIN catalog.authors ON authors.author_id = respelt_authors.author_id;
