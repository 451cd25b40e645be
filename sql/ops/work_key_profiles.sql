-- The profile of each catalogue whose records bring work keys, and how many of them do not follow it.
SELECT
    work_key_profiles.source,
    work_key_profiles.source_profile AS work_key_profile,
    SUM(work_key_profiles.records_with_keys) AS records_with_keys,
    SUM(work_key_profiles.records_with_keys - work_key_profiles.records_following_source_profile) AS not_following,
    SUM(work_key_profiles.records_following_none) AS following_none
FROM reporting.work_key_profiles
GROUP BY work_key_profiles.source, work_key_profiles.source_profile
ORDER BY work_key_profiles.source;
