-- Figures and words are in a file of their own, so that no command waits for whoever makes them.
-- They are made anew there from the log.

drop table case_gram;
drop table case_text;
drop table case_figure;
drop table order_figure;
drop table order_day;
drop table followed;
