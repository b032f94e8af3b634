nav-disputes = Disputes
nav-appeals = Appeals
nav-shops = Shops
nav-audit = Audit log
