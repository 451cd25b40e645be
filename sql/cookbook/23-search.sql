-- Which publications have these words in title and names? Accents and case do not matter; `word*` is a beginning,
-- `-word` must not be there. The command is `vufind-warehouse search WORDS`.
SELECT
    found.title,
    found.authors,
    found.publication_year
FROM reporting.search('cruz atlas') AS found;
