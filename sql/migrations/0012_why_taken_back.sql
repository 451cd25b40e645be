-- Why a decision was taken back, and comments that say more exactly what columns hold.

ALTER TABLE catalog.work_overrides ADD COLUMN withdrawn_reason TEXT;
COMMENT ON COLUMN catalog.work_overrides.withdrawn_reason IS 'Why it was taken back; null while it is in force, or where nobody said';
COMMENT ON COLUMN catalog.record_authors.name_as_written IS 'The name as the record writes it, letters and their accents composed (Unicode NFC)';
COMMENT ON COLUMN ops.dumps.loaded_at IS 'When the load began that brought it in last';
COMMENT ON COLUMN ops.loads.loaded_at IS 'When it began';
