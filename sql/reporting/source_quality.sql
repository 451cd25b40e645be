-- How well are the records of each catalogue filled, and what is wrong with them?
CREATE OR REPLACE VIEW reporting.source_quality AS
SELECT
    records.source,
    COUNT(*) AS record_count,
    ROUND(COUNT(records.title)::numeric / COUNT(*), 4) AS title_share,
    ROUND(COUNT(NULLIF(CARDINALITY(records.author_names), 0))::numeric / COUNT(*), 4) AS author_share,
    ROUND(COUNT(records.publication_year)::numeric / COUNT(*), 4) AS year_share,
    ROUND(COUNT(records.publication_year_note)::numeric / COUNT(*), 4) AS doubtful_year_share,
    ROUND(COUNT(NULLIF(CARDINALITY(records.language), 0))::numeric / COUNT(*), 4) AS language_share,
    ROUND(COUNT(NULLIF(CARDINALITY(records.format), 0))::numeric / COUNT(*), 4) AS format_share,
    ROUND(COUNT(NULLIF(CARDINALITY(records.topics), 0))::numeric / COUNT(*), 4) AS topic_share,
    ROUND(COUNT(records.description)::numeric / COUNT(*), 4) AS description_share,
    ROUND(COUNT(records.container_title)::numeric / COUNT(*), 4) AS container_share,
    ROUND(COUNT(records.doi)::numeric / COUNT(*), 4) AS doi_share,
    COALESCE(MAX(delivered.records_quarantined), 0) AS quarantined_count,
    COALESCE(MAX(keyed.records_following_none), 0) AS records_with_other_keys
FROM catalog.records
LEFT JOIN (
    SELECT
        dumps.source,
        COUNT(*) AS records_quarantined
    FROM ops.quarantine
    INNER JOIN ops.dumps ON dumps.dump_id = quarantine.dump_id
    GROUP BY dumps.source
) AS delivered ON delivered.source = records.source
LEFT JOIN (
    SELECT
        dumps.source,
        SUM(work_key_profiles.records_following) AS records_following_none
    FROM ops.work_key_profiles
    INNER JOIN ops.dumps ON dumps.dump_id = work_key_profiles.dump_id
    WHERE work_key_profiles.profile = 'none'
    GROUP BY dumps.source
) AS keyed ON keyed.source = records.source
WHERE records.deleted_at IS NULL
GROUP BY records.source;

COMMENT ON VIEW reporting.source_quality IS 'How well are the records of each catalogue filled, and what is wrong with them?';
COMMENT ON COLUMN reporting.source_quality.source IS 'The catalogue';
COMMENT ON COLUMN reporting.source_quality.record_count IS 'Its living records';
COMMENT ON COLUMN reporting.source_quality.title_share IS 'Share of them with a title, 0 to 1';
COMMENT ON COLUMN reporting.source_quality.author_share IS 'Share with a name';
COMMENT ON COLUMN reporting.source_quality.year_share IS 'Share with a year of publication';
COMMENT ON COLUMN reporting.source_quality.doubtful_year_share IS 'Share whose year is uncertain, implausible or not what it says';
COMMENT ON COLUMN reporting.source_quality.language_share IS 'Share with a language';
COMMENT ON COLUMN reporting.source_quality.format_share IS 'Share with a format';
COMMENT ON COLUMN reporting.source_quality.topic_share IS 'Share with a subject';
COMMENT ON COLUMN reporting.source_quality.description_share IS 'Share with an abstract or summary';
COMMENT ON COLUMN reporting.source_quality.container_share IS 'Share with a journal, proceedings or series';
COMMENT ON COLUMN reporting.source_quality.doi_share IS 'Share with a valid DOI';
COMMENT ON COLUMN reporting.source_quality.quarantined_count IS 'What could not be read of its dumps, and still lies in quarantine';
COMMENT ON COLUMN reporting.source_quality.records_with_other_keys IS 'Records, of all its dumps together, with work keys that no known profile makes of them';
