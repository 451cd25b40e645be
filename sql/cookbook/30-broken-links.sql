-- Where do the broken links of each catalogue lead?
SELECT
    links_by_source.source,
    links_by_source.host,
    links_by_source.kind,
    links_by_source.link_count,
    links_by_source.invalid_count
FROM reporting.links_by_source
WHERE links_by_source.invalid_count > 0
ORDER BY links_by_source.source, links_by_source.host, links_by_source.kind;
