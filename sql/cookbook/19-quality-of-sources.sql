-- How well are the records of each catalogue filled?
SELECT
    source_quality.source,
    source_quality.record_count,
    source_quality.author_share,
    source_quality.doi_share,
    source_quality.topic_share,
    source_quality.quarantined_count
FROM reporting.source_quality
ORDER BY source_quality.source;
