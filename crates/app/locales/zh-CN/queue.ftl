
queue-since = 申请日期从
queue-until = 到
problem-day-unreadable = 看不懂日期“{ $day }”，请写成 2026-11-23 这样。
