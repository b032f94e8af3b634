-- The cases of an order stand in its log, which names them (docs/adr/0015). An index by order, in
-- which no two of a batch are neighbours, was a third of all that opening a case wrote.
drop index case_row_by_order;
