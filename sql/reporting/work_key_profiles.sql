-- By whose rules were the work keys made that a dump brings, and how many of its records do not follow them?
CREATE OR REPLACE VIEW reporting.work_key_profiles AS
WITH followed AS (
    SELECT
        profiles.dump_id,
        dumps.source,
        dumps.name AS dump,
        profiles.profile,
        profiles.records_with_keys,
        profiles.records_following,
        profiles.records_equal,
        -- Of profiles that as many records follow, the first of these is taken.
        ARRAY_POSITION(ARRAY['vufind_marc', 'vufind_xslt', 'recordmanager'], profiles.profile) AS place,
        SUM(profiles.records_following) OVER same_profile AS following_in_source,
        SUM(profiles.records_equal) OVER same_profile AS equal_in_source,
        SUM(profiles.records_with_keys) OVER same_profile AS with_keys_in_source
    FROM ops.work_key_profiles AS profiles
    INNER JOIN ops.dumps ON dumps.dump_id = profiles.dump_id
    WHERE profiles.profile <> 'none'
    WINDOW same_profile AS (PARTITION BY dumps.source, profiles.profile)
),

of_dump AS (
    SELECT DISTINCT ON (followed.dump_id) followed.*
    FROM followed
    ORDER BY followed.dump_id, followed.records_following DESC, followed.records_equal DESC, followed.place
),

of_source AS (
    SELECT DISTINCT ON (followed.dump_id) followed.*
    FROM followed
    ORDER BY followed.dump_id, followed.following_in_source DESC, followed.equal_in_source DESC, followed.place
),

of_others AS (
    SELECT DISTINCT ON (followed.dump_id) followed.*
    FROM followed
    WHERE followed.with_keys_in_source > followed.records_with_keys
    ORDER BY
        followed.dump_id,
        followed.following_in_source - followed.records_following DESC,
        followed.equal_in_source - followed.records_equal DESC,
        followed.place
)

SELECT
    of_dump.source,
    of_dump.dump,
    of_dump.records_with_keys,
    of_dump.records_following,
    of_source.records_following AS records_following_source_profile,
    of_others.records_following AS records_following_other_dumps,
    nothing.records_following AS records_following_none,
    nothing.examples,
    CASE WHEN of_dump.records_following > 0 THEN of_dump.profile ELSE 'none' END AS profile,
    CASE WHEN of_source.following_in_source > 0 THEN of_source.profile ELSE 'none' END AS source_profile,
    CASE
        WHEN of_others.following_in_source > of_others.records_following THEN of_others.profile
        WHEN of_others.dump_id IS NOT NULL THEN 'none'
    END AS profile_of_other_dumps
FROM of_dump
INNER JOIN of_source ON of_source.dump_id = of_dump.dump_id
LEFT JOIN of_others ON of_others.dump_id = of_dump.dump_id
INNER JOIN ops.work_key_profiles AS nothing ON nothing.dump_id = of_dump.dump_id AND nothing.profile = 'none';

COMMENT ON VIEW reporting.work_key_profiles IS 'By whose rules were the work keys made that a dump brings, and how many of its records do not follow them?';
COMMENT ON COLUMN reporting.work_key_profiles.source IS 'The catalogue';
COMMENT ON COLUMN reporting.work_key_profiles.dump IS 'Name of the dump; one of which no record brings keys is not here';
COMMENT ON COLUMN reporting.work_key_profiles.records_with_keys IS 'Records of the dump that bring work keys; they are used whatever they follow';
COMMENT ON COLUMN reporting.work_key_profiles.records_following IS 'Those of them that follow the profile of the dump';
COMMENT ON COLUMN reporting.work_key_profiles.records_following_source_profile IS 'Those of them that follow the profile of the catalogue';
COMMENT ON COLUMN reporting.work_key_profiles.records_following_other_dumps IS 'Those of them that follow the profile of the catalogue''s other dumps';
COMMENT ON COLUMN reporting.work_key_profiles.records_following_none IS 'Those of them whose keys no profile makes of the record';
COMMENT ON COLUMN reporting.work_key_profiles.examples IS 'Some of these: id of the record, and a key that it brings';
COMMENT ON COLUMN reporting.work_key_profiles.profile IS 'The profile that most records of the dump follow: vufind_marc, vufind_xslt, recordmanager or none';
COMMENT ON COLUMN reporting.work_key_profiles.source_profile IS 'The profile that most records of all dumps of the catalogue follow';
COMMENT ON COLUMN reporting.work_key_profiles.profile_of_other_dumps IS 'The profile that most records of the other dumps of the catalogue follow; null where there are none';
