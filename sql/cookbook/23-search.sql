-- Which publications have these words in title and names? Accents and case do not matter; `word*` is a beginning,
-- `-word` must not be there. The best 1,000 are given, or as many as are asked for: `reporting.search('cruz', 100000)`.
-- The command is `vufind-warehouse search WORDS`.
SELECT
    found.title,
    found.authors,
    found.publication_year
FROM reporting.search('cruz atlas') AS found;
