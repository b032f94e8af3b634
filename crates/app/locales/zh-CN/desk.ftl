nav-overview = 经营概览
nav-cases = 售后单
nav-returns = 退货验收
nav-money = 退款资金
nav-settings = 设置
