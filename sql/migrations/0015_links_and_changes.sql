-- A link is found by its record: nothing asks for its link_id, which is made of the record and the URL, and to keep an
-- index of it that is as large as the primary key cost each load a twentieth of its time.

ALTER TABLE catalog.links DROP CONSTRAINT links_link_id_key;

-- Of several pages of a record the last counts no more where another shows the staff view.

COMMENT ON COLUMN ops.dumps.records_repeated IS 'Occurrences of an id beside the one that counts: the last, and a page without staff view only where there is no other';
COMMENT ON COLUMN ops.loads.records_repeated IS 'Occurrences of an id beside the one that counts: the last, and a page without staff view only where there is no other';

-- What an older dump brings late may have ended already.

COMMENT ON COLUMN ops.record_changes.change IS 'new, new_but_ended where newer dumps had ended it already, changed, ended, returned, regrouped where only its publication or work is another, or removed where only a dump held it that was taken out again';
COMMENT ON COLUMN ops.change_counts.change IS 'new, new_but_ended where newer dumps had ended it already, changed, ended, returned or regrouped';
