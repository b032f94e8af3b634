-- Grams have what joins letters and digits in them now, so that a short number behind a dash is
-- found by the index. The words of cases are made anew from the log.

delete from case_gram;
delete from case_text;
delete from followed;
