-- What a person decided on a pair of records.
INSERT INTO catalog.work_overrides (
    override_id, record_id_a, record_id_b, verdict, reason, decided_by, decided_at
)
VALUES (
    GEN_RANDOM_UUID(), %(record_id_a)s, %(record_id_b)s, %(verdict)s, %(reason)s, %(by)s, %(now)s
);
