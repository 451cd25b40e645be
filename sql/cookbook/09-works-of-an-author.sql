-- Which works does somebody take part in?
SELECT
    author_works.title,
    author_works.first_year,
    author_works.last_year,
    author_works.publication_count
FROM reporting.author_works
WHERE author_works.author_id = (SELECT authors.author_id FROM catalog.authors WHERE authors.name = 'de la Cruz, Inés')
ORDER BY author_works.first_year, author_works.title;
