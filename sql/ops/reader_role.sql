-- The role that analysts and the query command read with; it owns nothing and changes nothing.
CREATE ROLE warehouse_reader LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE;
COMMENT ON ROLE warehouse_reader IS 'Reads the catalogue, its reports and its bookkeeping';
ALTER ROLE warehouse_reader SET default_transaction_read_only = on;
