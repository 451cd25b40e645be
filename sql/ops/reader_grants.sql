-- What the reader may read: the catalogue, the reports, and the bookkeeping that the reports rest on.
GRANT USAGE ON SCHEMA catalog, reporting, ops TO warehouse_reader;
GRANT SELECT ON ALL TABLES IN SCHEMA catalog TO warehouse_reader;
GRANT SELECT ON ALL TABLES IN SCHEMA reporting TO warehouse_reader;
GRANT SELECT ON ALL TABLES IN SCHEMA ops TO warehouse_reader;
