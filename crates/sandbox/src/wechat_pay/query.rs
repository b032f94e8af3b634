//! `GET /v3/refund/domestic/refunds/{out_refund_no}`.

use super::{Authorised, answer::Answer, apply::shown, problem::Problem};

/// The refund of this number, whatever its age.
pub(super) fn answer(request: &Authorised<'_>, out_refund_no: &str) -> Result<Answer, Problem> {
    let keys: Vec<_> = request.query.split('&').filter(|item| !item.is_empty()).collect();
    if !keys.is_empty() {
        let path = |item: &str| format!("/query/{}", item.split('=').next().unwrap_or_default());
        return Err(Problem::unknown_keys(&keys.into_iter().map(path).collect::<Vec<_>>()));
    }
    request.world.act(|state, _| {
        let refund = state.books.refund(&request.merchant.mchid, out_refund_no);
        refund.map(|refund| shown(state, refund)).ok_or_else(Problem::no_such_refund)
    })
}
