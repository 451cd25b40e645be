-- Publications whose words are due, each held until they are made: what a load makes due meanwhile waits for the end of
-- this, and what one has made due before is waited for. What stands below sees what it has brought.
CREATE TEMPORARY TABLE made_anew ON COMMIT DROP AS
SELECT words_due.publication_id
FROM reporting.words_due
ORDER BY words_due.publication_id
FOR UPDATE;

ANALYZE made_anew;

DELETE FROM reporting.words_due
USING made_anew
WHERE words_due.publication_id = made_anew.publication_id;
