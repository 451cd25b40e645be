-- What the reader is served with over TCP. Many may share its account, and each can change its settings for all of
-- them: they are put back whenever it is served anew. A transaction that is left open keeps rows from being vacuumed and
-- holds up a first load or a migration: after a while its session ends.
DO $$
BEGIN
    EXECUTE FORMAT('ALTER ROLE warehouse_reader IN DATABASE %I RESET ALL', CURRENT_DATABASE());
END
$$;
ALTER ROLE warehouse_reader RESET ALL;
ALTER ROLE warehouse_reader SET default_transaction_read_only = on;
ALTER ROLE warehouse_reader SET idle_in_transaction_session_timeout = '15min';
