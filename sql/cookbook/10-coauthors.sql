-- With whom does somebody write, and how often?
SELECT
    coauthors.coauthor_name,
    coauthors.work_count,
    coauthors.first_year,
    coauthors.last_year
FROM reporting.coauthors
WHERE coauthors.author_id = (SELECT authors.author_id FROM catalog.authors WHERE authors.name = 'de la Cruz, Inés')
ORDER BY coauthors.work_count DESC, coauthors.coauthor_name;
