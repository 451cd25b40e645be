-- How many rows of a summary are not what they were: none of these is there, one is not any more, or it counts otherwise.
SELECT COUNT(*)
FROM {held} AS held
FULL JOIN {table} AS now ON now.{key} = held.{key}
WHERE ROW(held.*) IS DISTINCT FROM ROW(now.*);
