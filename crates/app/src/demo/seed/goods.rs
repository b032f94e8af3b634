//! What the two shops sell.

use crate::demo::{CHAHE, QINGCI};
use domain::facts::Category::{self, CrossBorder, Fresh, MadeToOrder, Ordinary, Virtual};

/// Something sold.
#[derive(Clone, Copy, Debug)]
pub struct Good {
    /// By whom.
    pub shop: &'static str,
    /// The stock number.
    pub sku: &'static str,
    /// What the buyer reads.
    pub title: &'static str,
    /// Which rules apply.
    pub category: Category,
    /// What one costs, in fen.
    pub fen: u32,
}

const fn good(
    shop: &'static str,
    sku: &'static str,
    title: &'static str,
    category: Category,
    fen: u32,
) -> Good {
    Good { shop, sku, title, category, fen }
}

/// Everything sold.
pub const GOODS: &[Good] = &[
    good(CHAHE, "LJ-100", "明前西湖龙井 特级绿茶 100g 罐装", Ordinary, 16_800),
    good(CHAHE, "BLC-125", "洞庭碧螺春 一级 125g", Ordinary, 11_800),
    good(CHAHE, "PE-357", "云南古树普洱 熟茶饼 357g", Ordinary, 19_800),
    good(CHAHE, "BC-300", "福鼎老白茶饼 寿眉 300g", Ordinary, 12_900),
    good(CHAHE, "DHP-240", "武夷岩茶大红袍 礼盒 240g", Ordinary, 26_800),
    good(CHAHE, "TGY-250", "安溪铁观音 清香型 250g", Ordinary, 8_800),
    good(CHAHE, "QH-150", "祁门红茶 特级 150g", Ordinary, 9_600),
    good(CHAHE, "ML-200", "七窨茉莉花茶 200g", Ordinary, 7_900),
    good(CHAHE, "GH-20", "桂花乌龙三角茶包 20包", Ordinary, 4_990),
    good(CHAHE, "XQG-250", "新会小青柑普洱 250g", Ordinary, 6_800),
    good(CHAHE, "LX-4", "便携旅行茶具 一壶三杯 送收纳包", Ordinary, 13_900),
    good(CHAHE, "GDB-1", "加厚耐热玻璃公道杯 350ml", Ordinary, 2_990),
    good(CHAHE, "LPP-1", "冷泡茶水瓶 1.2L 带滤网", Ordinary, 4_500),
    good(CHAHE, "APPLE-5", "洛川红富士苹果 净重5斤 80mm起", Fresh, 3_990),
    good(CHAHE, "ORANGE-10", "赣南脐橙 10斤 产地直发", Fresh, 5_990),
    good(CHAHE, "BERRY-3", "丹东九九草莓 3斤 冷链", Fresh, 8_990),
    good(CHAHE, "MANGO-5", "海南贵妃芒 5斤", Fresh, 4_990),
    good(CHAHE, "BLUE-6", "云南蓝莓 125g×6盒 冷链", Fresh, 7_980),
    good(CHAHE, "CRAB-8", "阳澄湖大闸蟹 公4两母3两 4对 礼盒", Fresh, 39_800),
    good(CHAHE, "PEAR-6", "库尔勒香梨 6斤", Fresh, 4_680),
    good(QINGCI, "CUP-M", "龙泉青瓷主人杯 粉青 120ml", Ordinary, 12_800),
    good(QINGCI, "CUP-ICE", "手工冰裂纹茶盏", Ordinary, 8_600),
    good(QINGCI, "VASE-S", "青瓷小花插 梅子青", Ordinary, 15_800),
    good(QINGCI, "TABLE-16", "青瓷餐具套装 16件 礼盒", Ordinary, 46_800),
    good(QINGCI, "GW-150", "影青盖碗 150ml", Ordinary, 9_800),
    good(QINGCI, "MUG-1", "粗陶手捏咖啡杯 280ml", Ordinary, 6_900),
    good(QINGCI, "DZ-PAIR", "定制刻字青瓷对杯 情侣款", MadeToOrder, 29_800),
    good(QINGCI, "DZ-PET", "定制手绘宠物肖像瓷盘 8寸", MadeToOrder, 36_800),
    good(QINGCI, "DZ-JAR", "定制家训茶仓 手写字", MadeToOrder, 52_000),
    good(QINGCI, "DZ-WED", "定制婚礼伴手礼小茶杯", MadeToOrder, 3_800),
    good(QINGCI, "KB-SERUM", "日本直邮 药用美白精华 50ml", CrossBorder, 32_800),
    good(QINGCI, "KB-CUSH", "韩国进口 气垫粉底液 15g×2", CrossBorder, 21_900),
    good(QINGCI, "KB-CREAM", "法国进口 修护面霜 50ml", CrossBorder, 39_900),
    good(QINGCI, "KB-HAND", "澳洲直邮 绵羊油护手霜 3支装", CrossBorder, 12_900),
    good(QINGCI, "XN-TEL", "话费充值 100元 三网通用", Virtual, 9_980),
    good(QINGCI, "XN-COURSE", "陶艺线上课 12讲 永久回看", Virtual, 19_900),
    good(QINGCI, "XN-VIP", "视频会员季卡 兑换码", Virtual, 5_800),
    good(QINGCI, "XN-COFFEE", "精品咖啡电子兑换券 3杯", Virtual, 4_980),
];

/// What a stock number stands for.
pub fn by_sku(sku: &str) -> Option<&'static Good> {
    GOODS.iter().find(|good| good.sku == sku)
}
