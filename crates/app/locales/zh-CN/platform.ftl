nav-disputes = 纠纷
nav-appeals = 申诉
nav-shops = 店铺
nav-audit = 操作日志
