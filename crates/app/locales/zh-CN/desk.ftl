nav-overview = 经营概览
nav-cases = 售后单
nav-returns = 退货验收
nav-money = 退款资金
nav-settings = 设置

live-people = { $people } 也在看这个售后单
live-fresh = 刚有新进展，页面内容已更新；点此刷新处理面板
