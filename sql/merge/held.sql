-- Of the rows of one table that are brought those that the warehouse has, and whether it has them just so: these are not
-- brought again. A conflict would lock each of them, and write its page, to change nothing.
CREATE TEMPORARY TABLE {held} ON COMMIT DROP AS
SELECT
    {staged_key},
    ({said}) IS NOT DISTINCT FROM ({staged_said}) AS is_same
FROM {staged}
INNER JOIN {table} ON ({table_key}) = ({staged_key});

ANALYZE {held};

DELETE FROM {staged}
USING {held}
WHERE ({held_key}) = ({staged_key}) AND {held}.is_same;

ANALYZE {staged};
