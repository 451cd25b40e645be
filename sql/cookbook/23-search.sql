-- Find publications by words of title and names, whatever their accents and case. `word*` is a beginning, `-word` must not
-- be there; the command is `vufind-warehouse search WORDS`.
SELECT
    found.title,
    found.authors,
    found.publication_year
FROM reporting.search('cruz atlas') AS found;
