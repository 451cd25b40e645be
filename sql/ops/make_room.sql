-- Take away the tables and views of a warehouse that holds no record: restored ones are to stand in their place.
DROP SCHEMA catalog, ops, reporting CASCADE;
