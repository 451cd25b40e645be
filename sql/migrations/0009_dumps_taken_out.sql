-- Dumps can be taken out again: what that writes, in the comments of the columns that show it.
COMMENT ON COLUMN ops.dumps.kind IS 'delta (adds and changes), full (what it lacks has ended), or removed (taken out again: it counts nothing, and stays for the history of loads)';
COMMENT ON COLUMN ops.loads.kind IS 'delta or full, as this load took it; replay, where what had been quarantined was read again; removal, where the dump was taken out again';
COMMENT ON COLUMN ops.record_sightings.byte_length IS 'How long it is; -1 where the latest dump has come again, corrected, and no longer holds it';
COMMENT ON COLUMN ops.record_changes.change IS 'new, changed, ended, returned, regrouped where only its publication or work is another, or removed where only a dump held it that was taken out again';
COMMENT ON COLUMN ops.record_changes.changed_columns IS 'Columns of catalog.records whose value is another, and links, identifiers, credits and work_keys, each with the old and the new value; of a removed record its name; null where none is';
