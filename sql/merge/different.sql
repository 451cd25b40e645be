-- Keys of the rows, in one table, that hang on changed records and differ between what the warehouse holds and what the
-- dump brings: on one side alone, or not the same. Of records whose rows have the same hash none do, and none is staged.
CREATE TEMPORARY TABLE {different} ON COMMIT DROP AS
SELECT {key}
FROM (
    SELECT {name}.*
    FROM staged_changed
    INNER JOIN {table} ON {name}.record_id = staged_changed.record_id
    WHERE staged_changed.{differ}
) AS held
FULL JOIN (
    SELECT {staged}.*
    FROM staged_changed
    INNER JOIN {staged} ON {staged}.record_id = staged_changed.record_id
) AS brought USING ({key})
WHERE held IS DISTINCT FROM brought;

ANALYZE {different};
