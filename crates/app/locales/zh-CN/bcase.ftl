## 列表

bcase-nav-orders = 我的订单
bcase-nav-cases = 我的售后
bcase-nav-help = 帮助
bcase-nav = 导航
bcase-list = 我的售后
bcase-list-none = 还没有售后
bcase-list-none-hint = 商品有问题时，从订单里申请售后。
bcase-list-orders = 查看我的订单
bcase-list-you = 待您处理，剩余
bcase-list-shop = 商家处理中，剩余
bcase-and-more = { $title } 等
bcase-stage-under-review = 商家处理中
bcase-stage-awaiting-evidence = 待您补充凭证
bcase-stage-offered = 待您确认方案
bcase-stage-awaiting-return = 待您寄回商品
bcase-stage-return-in-transit = 退货运输中
bcase-stage-inspecting = 商家验货中
bcase-stage-awaiting-replacement = 待商家寄出换货
bcase-stage-replacement-in-transit = 待您确认收货
bcase-stage-rejected = 商家已拒绝
bcase-stage-disputed = 平台处理中
bcase-stage-refunding = 退款中
bcase-stage-closed = 已完结

## 现在

bcase-now-review = 商家正在处理您的申请
bcase-now-review-text = 申请金额 { $amount }。处理之前，您可以修改或撤销申请。
bcase-now-evidence = 请补充凭证
bcase-now-evidence-text = 商家需要更多凭证才能处理，要求见下方。
bcase-now-offer = 商家提出了方案，请您确认
bcase-now-offer-text = 接受或拒绝由您决定，后果已写在按钮上方。
bcase-now-offer-inspected = 验货后商家提出减额退款，请您确认
bcase-now-offer-inspected-text = 不认可可以拒绝，由平台裁定。
bcase-now-return = 商家已同意，请寄回商品
bcase-now-return-text = 寄出后在下方填写运单号，商家验货后退款 { $amount }。
bcase-now-return-exchange-text = 寄出后在下方填写运单号，商家验货后寄出换货。
bcase-now-transit = 商品已寄出，等待商家收货
bcase-now-transit-text = 商家收货并验货后退款 { $amount }。
bcase-now-transit-exchange-text = 商家收货并验货后寄出换货。
bcase-now-inspecting = 商家已收到商品，正在验货
bcase-now-inspecting-text = 验货通过后退款 { $amount }。
bcase-now-inspecting-exchange-text = 验货通过后寄出换货。
bcase-now-replace = 验货通过，等待商家寄出换货
bcase-now-replace-text = 商家逾期未寄出，系统改为退款。
bcase-now-replaced = 换货商品已寄出，收到后请确认
bcase-now-replaced-text = 如果没收到或仍有问题，可以申请平台介入。
bcase-now-rejected = 商家没有同意您的申请
bcase-now-rejected-text = 原因见下方。您可以修改申请，或申请平台介入。
bcase-now-goods-refused = 验货没有通过
bcase-now-goods-refused-text = 原因见下方。不认可可以申请平台介入。
bcase-now-disputed = 平台已介入，正在处理
bcase-now-disputed-text = 平台会查看双方的凭证和留言后给出结果，期间仍可补充。
bcase-now-money = 退款 { $amount } 已发出，正在到账
bcase-now-money-text = 到账时间与支付账户有关，见下方。
bcase-now-checking = 退款 { $amount } 的结果正在核实
bcase-now-checking-text = 微信支付还没有给出确定的结果，系统会继续查询，您无需操作。
bcase-now-shop = 退款 { $amount } 正在等待商家补足条件
bcase-now-shop-text = 您无需操作，条件补足后系统自动继续退款。
bcase-now-card = 退款无法退回原账户，请提供银行卡
bcase-now-card-text = 钱已从商家账户转出，但原支付账户收不了。提供一张本人借记卡即可收款。
bcase-now-account = 请提供收款账户
bcase-now-account-text = 这笔退款要打到指定账户，收到账户后由商家财务打款。
bcase-now-payout = 退款 { $amount } 等待商家财务打款
bcase-now-payout-text = 打款后可在下方看到凭证号。
bcase-now-again = 退款未成功，商家正在重新办理
bcase-now-again-text = 您无需操作。如需催促，可以留言或联系商家。
bcase-now-closed-refunded = 已退款 { $amount }，售后完结
bcase-now-closed-refunded-text = 感谢您的耐心。以后再有问题，可以从订单里重新申请。
bcase-now-closed-exchanged = 换货完成，售后完结
bcase-now-closed-exchanged-text = 感谢您的配合。新商品有问题时，可以从订单里重新申请。
bcase-now-closed-withdrawn = 您已撤销申请
bcase-now-closed-withdrawn-text = 仍在售后时限内的，可以从订单里重新申请。
bcase-now-closed-rejected = 售后已结束，商家未同意退款
bcase-now-closed-rejected-text = 未在时限内申请平台介入。有新的凭证时，可以从订单里重新申请。
bcase-now-closed-ruled = 平台裁定支持商家，售后已结束
bcase-now-closed-ruled-text = 裁定理由见下方。
bcase-now-closed-not-returned = 商品未按时寄回，售后已关闭
bcase-now-closed-not-returned-text = 仍在售后时限内的，可以从订单里重新申请。
bcase-who-buyer = 待您处理，剩余
bcase-who-merchant = 待商家处理，剩余
bcase-who-platform = 待平台处理，剩余
bcase-who-system = 系统查询，剩余
bcase-until = { $time } 前（{ $zone }）
bcase-then-approve = 到时未处理，系统自动同意，退款 { $amount }。
bcase-then-approve-return = 到时未处理，系统自动同意，您即可寄回商品。
bcase-then-lapse-offer = 到时未答复，方案失效，由商家重新处理。
bcase-then-carry-out-offer = 到时未答复，按方案退款 { $amount }。
bcase-then-review-without = 到时未补充，商家按现有凭证处理。
bcase-then-close-unreturned = 到时未寄回，售后关闭，不再退款。
bcase-then-refund-return = 到时未确认收货，系统自动退款 { $amount }。
bcase-then-refund-instead = 到时未寄出，系统改为退款 { $amount }。
bcase-then-close-exchanged = 到时未反馈，视为已收到，售后完结。
bcase-then-close-rejected = 到时未申请平台介入，售后关闭。
bcase-then-remind-arbiter = 到时未出结果，系统提醒平台尽快处理。
bcase-then-look-up-calendar = 工作日历公布后确定具体时限。
bcase-then-open-ticket = 到时仍未到账，系统自动生成工单向支付渠道查询。
bcase-steps = 进度
bcase-step-applied = 提交申请
bcase-step-decided = 商家处理
bcase-step-returned = 寄回商品
bcase-step-inspected = 商家验货
bcase-step-platform = 平台处理
bcase-step-money = 退款到账
bcase-step-replaced = 收到换货
bcase-step-is-done = 已完成
bcase-step-is-now = 进行中
bcase-step-is-todo = 未开始
bcase-step-is-stopped = 到此结束
bcase-fresh = 有新进展，点此刷新
bcase-news = 您填写期间的新进展
bcase-no = 售后单号 { $no }
bcase-days = { $n } 天
bcase-hours = { $n } 小时
bcase-choose = 请选择

## 方案

bcase-refused-why = 拒绝原因
bcase-remark = 商家说明
bcase-ruling = 平台裁定理由
bcase-offer = 商家的方案
bcase-offer-less = 比可退金额少 { $amount }
bcase-accept = 接受方案
bcase-accept-sure = 接受后按 { $amount } 执行，不能更改。确定接受吗？
bcase-accept-return = 接受后请在 { $days }内寄回商品，商家验货后退款 { $amount }。
bcase-accept-keep = 接受后立即退款 { $amount }，商品无需寄回。
bcase-accept-inspected = 接受后立即退款 { $amount }，商品留在商家处。
bcase-accept-designated = 款项打到您指定的账户，接受后请填写收款账户。
bcase-accept-binds = 接受后不能更改，这次售后按此执行。
bcase-decline-open = 不接受这个方案
bcase-decline = 拒绝后由商家重新处理，时限 { $time }，超时系统按您的申请自动同意。
bcase-decline-inspected = 拒绝后交由平台裁定，{ $days } 个工作日内出结果。
bcase-decline-note = 理由（选填）
bcase-decline-do = 拒绝方案

## 寄回与换货

bcase-ship = 寄回商品
bcase-ship-change = 更正运单
bcase-ship-says = 填写后，商家须在 { $time }内确认收货，逾期系统自动退款。物流信息不完整的，不视为已寄回。
bcase-ship-again = 填错了可以在这里更正，商家的收货时限不变。
bcase-waybill = 运单号
bcase-carrier = 快递公司
bcase-carrier-auto = 按运单号自动识别
bcase-carrier-other = 其他快递
bcase-carrier-name = 其他快递名称（选“其他快递”时填写）
bcase-ship-do = 提交运单
bcase-replacement = 换货商品
bcase-replacement-says = 确认后售后完结。没收到或有问题，请不要确认。
bcase-replacement-sure = 已收到换货商品并且没有问题？
bcase-replacement-do = 确认收到换货

## 平台、凭证、留言

bcase-escalate = 申请平台介入
bcase-escalate-says = 平台将在 { $days } 个工作日内给出处理结果，以双方凭证为依据。
bcase-mediation = 争议金额达到 { $amount }，也可以在微信小法庭在线调解，达成的协议由系统执行。
bcase-escalate-reason = 请说明为什么不认可
bcase-escalate-do = 申请平台介入
bcase-evidence = 补充凭证
bcase-evidence-asked = 请补充这些凭证
bcase-files = 照片、视频或 PDF
bcase-files-hint = 每个文件不超过 8 MB，一次最多 20 个。
bcase-evidence-note = 说明（选填）
bcase-evidence-do = 提交凭证
bcase-talk = 留言
bcase-talk-text = 对商家说
bcase-talk-files = 附上图片或视频（选填）
bcase-talk-do = 发送
bcase-picture = 附件 { $n }
bcase-contact = 联系商家
bcase-contact-service = 微信客服
bcase-contact-hotline = 客服电话
bcase-contact-account = 公众号
bcase-contact-address = 退货地址
bcase-contact-carriers = 建议快递
bcase-contact-open = 打开客服会话
bcase-comma = 、

## 钱

bcase-money = 退款进度
bcase-money-way = 退款方式
bcase-money-why = 说明
bcase-money-since = 更新时间
bcase-money-no = 退款单号
bcase-card = 换一张卡收款
bcase-card-says = 仅支持下列银行的本人借记卡。卡号加密后直接交给微信支付，我们不保存也看不到。
bcase-card-bank = 开户银行
bcase-card-holder = 持卡人姓名
bcase-card-number = 卡号
bcase-card-do = 提交银行卡
bcase-account = 填写收款账户
bcase-account-change = 更改收款账户
bcase-account-says = 请填写本人账户。信息加密保存，只有打款的财务人员能看到完整账号。打款之前可以更改。
bcase-account-holder = 收款人姓名
bcase-account-bank = 开户行或机构
bcase-account-number = 账号
bcase-account-do = 提交收款账户
bcase-ticket = 工单 { $no }
bcase-ticket-says = 退款发出 { $time }仍未到账的，系统会自动查询；也可以现在提交工单，我们凭交易流水号向支付渠道查询并公布结果。
bcase-ticket-do = 钱还没到，提交工单
bcase-ticket-waits = 正在向支付渠道查询。
bcase-ticket-answer = 支付渠道答复：{ $answer }（{ $time }）
bcase-ticket-closed = 已关闭

## 申请内容与其他

bcase-asked = 申请内容
bcase-asked-type = 类型
bcase-asked-reason = 原因
bcase-asked-items = 商品
bcase-asked-amount = 申请金额
bcase-asked-at = 申请时间
bcase-asked-parcel = 退货运单
bcase-working = 金额是怎么算的
bcase-exhibits = 双方凭证
bcase-order = 查看订单
bcase-more = 其他操作
bcase-amend = 修改申请
bcase-withdraw = 撤销申请
bcase-withdraw-says = 撤销后这次售后立即结束。仍在售后时限内的，以后可以重新申请。
bcase-withdraw-do = 确认撤销
bcase-next = 接下来
bcase-all = 全部售后

## 做完之后

done-withdraw = 已撤销申请。
done-accept-offer = 已接受方案。
done-decline-offer = 已拒绝方案。
done-ship-return = 运单已提交。
done-confirm-replacement = 已确认收到换货。
done-escalate = 已申请平台介入。
done-evidence = 凭证已提交。
done-messages = 留言已发送。
done-tickets = 工单已提交，正在查询。
done-name-card = 银行卡已提交。
done-name-account = 收款账户已提交。
done-appeal = 申诉已提交，请等待审核。

## 申诉

bcase-appeal = 售后申诉
bcase-appeal-restricted = 您近期发起的售后较多，已触发风险控制，暂时不能提交新的申请。提交申诉材料，由审核人员决定是否解除。
bcase-appeal-free = 您目前没有受到限制，可以正常申请售后。
bcase-appeal-cases = 近 { $days } 天发起的售后
bcase-appeal-of = { $cases } 次，{ $most } 次起触发风控
bcase-appeal-yearly = 全年退款上限
bcase-appeal-made = 我的申诉
bcase-appeal-is-waits = 等待审核
bcase-appeal-is-lifted = 已解除限制
bcase-appeal-is-kept = 维持限制
bcase-appeal-until = 解除有效期至 { $time }
bcase-appeal-note = 审核说明
bcase-appeal-new = 提交申诉
bcase-appeal-again = 重新提交材料
bcase-appeal-says = 请说明售后较多的原因，例如连续收到破损商品、同一订单分批退货等。
bcase-appeal-material = 申诉材料
bcase-appeal-do = 提交申诉

## 帮助

bcase-help = 帮助
bcase-help-search = 搜索问题
bcase-help-none = 没有找到与“{ $wanted }”有关的内容。
bcase-help-all = 查看全部
bcase-help-questions = 常见问题
bcase-help-causes = 退不了款？九种原因和办法
bcase-help-rules = 其他规则
bcase-help-policy = 查看完整的退款政策
bcase-help-go-appeal = 去申诉
bcase-help-go-cases = 去我的售后
bcase-help-go-orders = 去我的订单

## 公开政策

policy-title = { $shop } 退款政策
policy-since = 第 { $version } 版，{ $time } 起生效
policy-built-in = 完璧默认政策
policy-old = 这是过去的版本。在它生效期间申请的售后仍按它处理。
policy-current = 查看现行版本
policy-toc = 目录
policy-apply = 申请与时限
policy-money = 退款金额与方式
policy-goods = 商品退回与特殊商品
policy-border = 跨境商品：进口流程与税费
policy-dispute = 争议与限制
policy-other = 店铺其他条款
policy-import-1 = 下单付款时提交收货人的身份信息，用于海关申报。
policy-import-2 = 订单、支付、物流三方信息同步申报，海关审核放行。
policy-import-3 = 进口税费在付款时一并收取，由店铺向海关缴纳。
policy-import-4 = 清关后由国内快递送达；退货时税费与运费的承担见下列条款。
policy-questions = 常见问题
policy-versions-text = 售后按申请当时生效的版本处理，以下版本长期可查。
policy-more = 查看完整政策
settings-embed = 嵌入政策
embed-title = 在商品页展示退款政策
embed-text = 展示的内容与系统裁定所依据的是同一份政策，发布新版本后自动更新。
embed-page = 政策页面
embed-page-text = 无需登录，中英双语，可打印。可放进公众号菜单或商品详情。
embed-frame = 用框架嵌入
embed-frame-text = 不含脚本，适用于大多数商品页和购物车。
embed-component = 用网页组件嵌入
embed-component-text = 高度自动适应，并跟随页面的深浅色。
embed-copy = 复制这段代码
embed-look = 效果
embed-look-text = 嵌入的内容单独打开是这样的。
embed-look-do = 打开预览
