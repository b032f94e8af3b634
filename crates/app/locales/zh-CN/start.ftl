start-title = 完璧归赵，把钱和货都完整地还回去
start-text = 售后与退款系统。请选择入口。
