-- What the reader may read: the catalogue and its reports. Not the bookkeeping, in which raw bytes of dumps and paths
-- lie, but for the version of the tables, by which a program sees that it knows them. Views of reporting read the
-- bookkeeping with the rights of their owner.
GRANT USAGE ON SCHEMA catalog, reporting, ops TO warehouse_reader;
GRANT SELECT ON {catalog_tables}, {views}, {report_tables} TO warehouse_reader;
REVOKE ALL ON {ops_tables} FROM warehouse_reader;
GRANT SELECT ON ops.warehouse_version TO warehouse_reader;
