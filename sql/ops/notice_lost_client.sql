-- Let the server notice within seconds that the process at the other end is gone, while it still works for it: else it
-- holds the load's lock until the statement ends.
SELECT SET_CONFIG(settings.name, '2s', false)
FROM pg_settings AS settings
WHERE settings.name = 'client_connection_check_interval' AND settings.setting = '0';
