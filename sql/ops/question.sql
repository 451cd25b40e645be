-- Open the cursor "question" over the one statement that the setting warehouse.question holds. The server takes a
-- cursor's statement for one alone: with a second behind it, or one that ends the transaction, nothing is run.
DO $$
DECLARE
    question refcursor := 'question';
BEGIN
    OPEN question NO SCROLL FOR EXECUTE CURRENT_SETTING('warehouse.question');
END
$$;
