-- Which publications does a work have: editions, preprint and article, versions of a deposit?
SELECT
    work_versions.work_title,
    work_versions.publication_year,
    work_versions.publication_kind,
    work_versions.container_title,
    work_versions.rules
FROM reporting.work_versions
ORDER BY work_versions.work_title, work_versions.publication_year, work_versions.publication_id;
