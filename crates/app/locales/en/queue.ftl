
queue-since = Opened since
queue-until = Until
problem-day-unreadable = The day "{ $day }" cannot be read; write it as 2026-11-23.
