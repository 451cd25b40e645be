-- Where do links lead, and how many are broken as they are written?
SELECT
    links.host,
    links.kind,
    links.link_count,
    links.invalid_count
FROM reporting.links
ORDER BY links.link_count DESC, links.host, links.kind
LIMIT 8;
