-- How the work keys that the records of a dump bring compare with those of one profile; where records of the dump
-- have been counted before, those that are replayed are counted with them.
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
)
ON CONFLICT (dump_id, profile) DO UPDATE
    SET
        records_with_keys = work_key_profiles.records_with_keys + excluded.records_with_keys,
        records_following = work_key_profiles.records_following + excluded.records_following,
        records_equal = work_key_profiles.records_equal + excluded.records_equal,
        examples = (work_key_profiles.examples || excluded.examples)[:5];
