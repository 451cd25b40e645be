-- The settings of matching, in place of those before.
INSERT INTO ops.matching_settings (only_row, borders, trusted_sources)
VALUES (TRUE, %(borders)s, %(trusted_sources)s)
ON CONFLICT (only_row) DO UPDATE
    SET borders = excluded.borders, trusted_sources = excluded.trusted_sources;
