-- What loading needs: rows of the tables. No table is made, changed, emptied at a stroke or dropped; temporary tables,
-- into which a load copies first, are in the right that everybody has, or is given here.
GRANT USAGE ON SCHEMA catalog, reporting, ops TO warehouse_loader;
GRANT SELECT ON {views}, {report_tables} TO warehouse_loader;
GRANT SELECT, INSERT, UPDATE, DELETE ON {catalog_tables}, {ops_tables} TO warehouse_loader;
-- Tables of reports are kept up by loads; views hold nothing.
GRANT INSERT, UPDATE, DELETE ON {report_tables} TO warehouse_loader;
-- The version of the tables is not its to say; that of the contents is.
REVOKE INSERT, UPDATE, DELETE ON ops.warehouse_version, ops.schema_revision FROM warehouse_loader;
GRANT UPDATE (version) ON ops.warehouse_version TO warehouse_loader;
DO $$
BEGIN
    EXECUTE FORMAT('GRANT TEMPORARY ON DATABASE %I TO warehouse_loader', CURRENT_DATABASE());
END
$$;
