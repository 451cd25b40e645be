-- What could not be read, where does it lie, and why?
CREATE OR REPLACE VIEW reporting.quarantine AS
SELECT
    quarantine.quarantine_id,
    dumps.source,
    dumps.name AS dump,
    quarantine.file,
    quarantine.member,
    quarantine.byte_offset,
    quarantine.byte_length,
    quarantine.line,
    quarantine.reason,
    quarantine.quarantined_at,
    LEFT(ENCODE(SUBSTRING(quarantine.raw FROM 1 FOR 200), 'escape'), 200) AS raw_beginning
FROM ops.quarantine
INNER JOIN ops.dumps ON dumps.dump_id = quarantine.dump_id;

COMMENT ON VIEW reporting.quarantine IS 'What could not be read, where does it lie, and why?';
COMMENT ON COLUMN reporting.quarantine.quarantine_id IS 'The row of ops.quarantine, which has the bytes themselves';
COMMENT ON COLUMN reporting.quarantine.source IS 'The catalogue';
COMMENT ON COLUMN reporting.quarantine.dump IS 'Name of the dump';
COMMENT ON COLUMN reporting.quarantine.file IS 'File, relative to the dump';
COMMENT ON COLUMN reporting.quarantine.member IS 'Member of the archive; empty for none';
COMMENT ON COLUMN reporting.quarantine.byte_offset IS 'Where it begins in the decompressed file or member';
COMMENT ON COLUMN reporting.quarantine.byte_length IS 'How long it is';
COMMENT ON COLUMN reporting.quarantine.line IS 'Line, from 1; 0 where lines mean nothing';
COMMENT ON COLUMN reporting.quarantine.reason IS 'Why it could not be read';
COMMENT ON COLUMN reporting.quarantine.quarantined_at IS 'When';
COMMENT ON COLUMN reporting.quarantine.raw_beginning IS 'The first bytes of it; all that was kept is in ops.quarantine.raw';
