-- For this transaction: several processes, as many as the server's settings allow, wherever a statement can use them.
-- The planner knows that a function costs something, but not that this one costs a hundred times as much as a row does
-- on its way between two processes.
SELECT SET_CONFIG('parallel_setup_cost', '0', true), SET_CONFIG('parallel_tuple_cost', '0', true);
