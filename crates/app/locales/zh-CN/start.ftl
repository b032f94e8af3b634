start-title = 完璧归赵
start-text = 网店售后与退款系统。请选择入口。
start-buyer-hint = 请从店铺发给您的链接进入，无需密码。
start-merchant-hint = 客服、主管、财务、店主登录。
start-platform-hint = 平台仲裁与运营登录。
start-docs = 接口文档

## 演示首页

demo-title = 退款这件事，讲得清、退得准、查得到
demo-lead = 完璧是网店（首先是微信小店）的售后与退款系统：买家提交申请和凭证，商家须在 48 小时内答复，逾期由系统自动同意；每一单都按公开的规则判断并说明理由；钱原路退回，不会多退，也不会退两次；双方谈不拢，由平台裁决，每一步都留痕。
demo-lead-now = 这里是演示环境：两家店、三百多笔订单、三周的往来。随便点，不会动到真钱。

demo-life = 一单售后是怎么走完的
demo-life-apply = 买家申请
demo-life-text-apply = 选商品、选原因、传照片，提交前就看到能退多少、为什么
demo-life-judge = 规则判断
demo-life-text-judge = 按店铺公开的规则逐条核对，给出依据
demo-life-answer = 商家答复
demo-life-text-answer = 同意、协商部分退款，或说明理由拒绝
demo-life-answer-limit = 48 小时
demo-life-return = 寄回验货
demo-life-text-return = 需要退货时：填运单、签收、拍照验货
demo-life-refund = 退款到账
demo-life-text-refund = 微信支付原路退回，结果不明时只查询、不重发
demo-life-silence = 商家 48 小时没有答复 → 系统自动同意
demo-life-dispute = 谈不拢 → 平台裁决，按工作日限时
demo-life-stuck = 退款卡住 → 生成工单，有人跟进

demo-doors = 从三个入口看看
demo-doors-text = 点一下就进，不需要密码。三个入口可以同时开着，在不同标签页里来回看。
demo-door-buyer = 买家的手机
demo-door-text-buyer = 订单能不能退、最晚到什么时候、退多少；三步申请，提交后马上收到自动回复；进度和对话。
demo-door-merchant = 商家工作台
demo-door-text-merchant = 待办队列按金额和剩余时间排序；一页看全案情；每个决定点下去之前先说清后果。
demo-door-platform = 平台工作台
demo-door-text-platform = 纠纷裁决、申诉复核、代管打款、店铺与审计。
demo-enter-as = 进入
demo-cases = { $n } 个售后单
demo-cases-none = 还没有售后单，可以申请一单试试

demo-tour = 接下来看什么：五个正在进行的故事
demo-tour-text = 都是此刻真实存在于演示数据里的售后单，点开即以相应身份进入。
demo-tour-open = 打开
demo-tour-until = 时限
demo-tour-gone = 有的故事已经走完了。用 wanbi demo --fresh 重新开始，五个故事就都回来了。
demo-story-waiting = 等商家答复，倒计时进行中
demo-story-text-waiting = 以客服身份打开：看规则核对、证据和金额构成，试试同意或协商。什么都不做也行：用页面顶部的时钟前进 48 小时，系统会自动同意并退款。
demo-story-offer = 商家提了部分退款方案
demo-story-text-offer = 以买家身份打开：商家提议退一部分、不用寄回。可以接受，也可以拒绝，让商家重新处理。
demo-story-return = 退货已签收，等待验货
demo-story-text-return = 以客服身份打开：对照寄出与寄回的照片，全额、部分或拒绝。超过时限不验，系统自动退款。
demo-story-dispute = 谈不拢，平台介入
demo-story-text-dispute = 以平台仲裁身份打开：双方的说法和证据在同一页，可以要求补证，作出裁决由系统执行。
demo-story-stuck = 退款卡住了
demo-story-text-stuck = 以财务身份打开：微信支付说收款账户异常，系统自动开了工单。看看接下来能怎么办。

## 演示条

demo-bar = 演示工具
demo-bar-home = 演示
demo-bar-ahead = 比真实时间快 { $n }
demo-ahead-days = { $n } 天
demo-ahead-hours = { $n } 小时
demo-ahead-minutes = { $n } 分钟
demo-bar-forward = 时间前进
demo-bar-3600 = 1 小时
demo-bar-172800 = 48 小时
demo-bar-604800 = 7 天
demo-bar-trouble = 给支付找点麻烦
demo-bar-trouble-text = 支付替身会照做，看系统怎么应对：
demo-trouble-pay-later = 下一笔退款拖三天
demo-trouble-short-balance = 商户余额不足
demo-trouble-refuse = 下一笔退款被拒
demo-trouble-lose-notice = 下一条到账通知丢失
demo-trouble-clear = 全部恢复正常
demo-did-time = 时间前进了 { $n }
demo-did-changed = { $n } 个售后单有变化
demo-did-nothing = 没有售后单变化
demo-did-more = 还有 { $n } 个
demo-did-pay-later = 已设置：下一笔退款三天后才到账。现在去同意一单，再前进 48 小时、7 天看看。
demo-did-short-balance = 已设置：商户余额为零。同意一单后退款会等待；恢复正常后自动继续。
demo-did-refuse = 已设置：下一笔退款会被拒（收款账户已注销）。同意一单再前进 1 小时，看系统怎么转人工。
demo-did-lose-notice = 已设置：下一条到账通知收不到。同意一单再前进 1 小时，系统会自己查到结果。
demo-did-clear = 已恢复正常，余额充足。
demo-did-other = 已设置。
