-- How well are the records of each catalogue filled, and what is wrong with them?
CREATE OR REPLACE VIEW reporting.source_quality AS
SELECT
    catalogues.source,
    COALESCE(records.record_count, 0) AS record_count,
    ROUND(records.title_count / records.record_count::numeric, 4) AS title_share,
    ROUND(records.author_count / records.record_count::numeric, 4) AS author_share,
    ROUND(records.year_count / records.record_count::numeric, 4) AS year_share,
    ROUND(records.doubtful_year_count / records.record_count::numeric, 4) AS doubtful_year_share,
    ROUND(records.language_count / records.record_count::numeric, 4) AS language_share,
    ROUND(records.format_count / records.record_count::numeric, 4) AS format_share,
    ROUND(records.topic_count / records.record_count::numeric, 4) AS topic_share,
    ROUND(records.description_count / records.record_count::numeric, 4) AS description_share,
    ROUND(records.container_count / records.record_count::numeric, 4) AS container_share,
    ROUND(records.doi_count / records.record_count::numeric, 4) AS doi_share,
    COALESCE(delivered.records_quarantined, 0) AS quarantined_count,
    COALESCE(keyed.records_following_none, 0) AS records_with_other_keys,
    ROUND(records.publisher_count / records.record_count::numeric, 4) AS publisher_share,
    ROUND(records.license_count / records.record_count::numeric, 4) AS license_share,
    COALESCE(identified.invalid_count, 0) AS invalid_identifier_count,
    COALESCE(linked.invalid_count, 0) AS invalid_link_count
FROM (
    SELECT DISTINCT dumps.source
    FROM ops.dumps
    WHERE dumps.kind <> 'removed'
) AS catalogues
LEFT JOIN (
    SELECT
        counts.source,
        SUM(counts.record_count)::bigint AS record_count,
        COALESCE(SUM(counts.record_count) FILTER (WHERE counts.publication_year IS NOT NULL), 0) AS year_count,
        SUM(counts.title_count) AS title_count,
        SUM(counts.author_count) AS author_count,
        SUM(counts.doubtful_year_count) AS doubtful_year_count,
        SUM(counts.language_count) AS language_count,
        SUM(counts.format_count) AS format_count,
        SUM(counts.topic_count) AS topic_count,
        SUM(counts.description_count) AS description_count,
        SUM(counts.container_count) AS container_count,
        SUM(counts.doi_count) AS doi_count,
        SUM(counts.publisher_count) AS publisher_count,
        SUM(counts.license_count) AS license_count
    FROM ops.record_counts AS counts
    GROUP BY counts.source
) AS records ON records.source = catalogues.source
LEFT JOIN (
    SELECT
        dumps.source,
        COUNT(*) AS records_quarantined
    FROM ops.quarantine
    INNER JOIN ops.dumps ON dumps.dump_id = quarantine.dump_id
    GROUP BY dumps.source
) AS delivered ON delivered.source = catalogues.source
LEFT JOIN (
    SELECT
        dumps.source,
        SUM(work_key_profiles.records_following) AS records_following_none
    FROM ops.work_key_profiles
    INNER JOIN ops.dumps ON dumps.dump_id = work_key_profiles.dump_id
    WHERE work_key_profiles.profile = 'none'
    GROUP BY dumps.source
) AS keyed ON keyed.source = catalogues.source
LEFT JOIN (
    SELECT
        counts.source,
        SUM(counts.invalid_count)::bigint AS invalid_count
    FROM ops.identifier_counts AS counts
    GROUP BY counts.source
) AS identified ON identified.source = catalogues.source
LEFT JOIN (
    SELECT
        counts.source,
        SUM(counts.invalid_count)::bigint AS invalid_count
    FROM ops.link_counts AS counts
    GROUP BY counts.source
) AS linked ON linked.source = catalogues.source;

COMMENT ON VIEW reporting.source_quality IS 'How well are the records of each catalogue filled, and what is wrong with them?';
COMMENT ON COLUMN reporting.source_quality.source IS 'The catalogue';
COMMENT ON COLUMN reporting.source_quality.record_count IS 'Its living records; where there are none, as all have ended or could not be read, no share is known';
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
COMMENT ON COLUMN reporting.source_quality.publisher_share IS 'Share with a publisher';
COMMENT ON COLUMN reporting.source_quality.license_share IS 'Share with a link that names a licence';
COMMENT ON COLUMN reporting.source_quality.invalid_identifier_count IS 'Identifiers that are not well formed';
COMMENT ON COLUMN reporting.source_quality.invalid_link_count IS 'Links that cannot be followed as they stand';
