-- What the report says of the work keys that one dump brings.
SELECT
    work_key_profiles.profile,
    work_key_profiles.profile_of_other_dumps,
    work_key_profiles.records_with_keys,
    work_key_profiles.records_following,
    work_key_profiles.records_following_other_dumps,
    work_key_profiles.records_following_none,
    work_key_profiles.examples
FROM reporting.work_key_profiles
WHERE work_key_profiles.source = %(source)s AND work_key_profiles.dump = %(dump)s;
