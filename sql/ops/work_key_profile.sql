-- How the work keys that the records of a dump bring compare with those of one profile.
INSERT INTO ops.work_key_profiles (
    dump_id,
    profile,
    records_with_keys,
    records_following,
    records_equal,
    examples
)
VALUES (
    %(dump_id)s,
    %(profile)s,
    %(records_with_keys)s,
    %(records_following)s,
    %(records_equal)s,
    %(examples)s
);
