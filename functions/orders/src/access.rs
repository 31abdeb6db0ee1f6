//! Access to orders and their stock: customers to their own orders, members of an
//! organisation to what it sells, administrators to all. For other callers an order does
//! not exist. It is judged on items that the attempt has read, and the write checks the
//! same again.

use shared::{
    Failure, Refused,
    id::OrderId,
    identity::{Caller, Permission},
    membership::{Denied, MemberAction, OrganizationCheck, Standing},
    table::item::Stored,
    text::Sku,
};

use crate::{
    offer::{Bucket, Offer},
    order::{Order, Step},
    state::Orders,
    view::OrderView,
};

/// Part of an order that a caller sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sight {
    /// Everything but the ids of administrators and of members of the seller: its customer.
    Customer,
    /// Everything but the address and the note: a viewer of the seller.
    Viewer,
    /// Everything: staff and higher roles of the seller, and administrators.
    Whole,
}

/// Reason for a refused command.
#[derive(Debug)]
pub(crate) enum CommandRefusal {
    /// The order or the stock does not exist for the caller.
    NotFound,
    /// The caller may not give the command.
    Denied(Denied),
}

/// An order that a caller may change.
#[derive(Debug)]
pub(crate) struct Permitted {
    pub(crate) order: Stored<Order>,
    pub(crate) sight: Sight,
    /// Conditions of the write.
    pub(crate) check: OrganizationCheck,
}

/// A stock with its buckets.
pub(crate) type StoredStock = (Stored<Offer>, Vec<Stored<Bucket>>);

/// True if the caller may see and manage all orders.
pub(crate) fn manages(caller: &Caller) -> bool {
    caller.may(Permission::ManageOrders)
}

impl Sight {
    /// An order as the caller sees it.
    pub(crate) fn view(self, order: Stored<Order>) -> OrderView {
        match self {
            Self::Customer => OrderView::for_customer(order),
            Self::Viewer => OrderView::for_viewer(order),
            Self::Whole => OrderView::whole(order),
        }
    }

    /// The history of an order as the caller sees it.
    pub(crate) fn history(self, order: Order) -> Vec<Step> {
        match self {
            Self::Customer => order.history_for_customer(),
            Self::Viewer | Self::Whole => order.history,
        }
    }
}

/// Reads the order, if the caller may see it.
pub(crate) async fn get_order(
    orders: &Orders,
    caller: &Caller,
    id: OrderId,
) -> Result<Option<(Stored<Order>, Sight)>, Failure> {
    let Some(order) = listed(orders, id).await? else { return Ok(None) };
    if manages(caller) {
        return Ok(Some((order, Sight::Whole)));
    }
    if order.entity.card.user_id == caller.user_id {
        return Ok(Some((order, Sight::Customer)));
    }
    let Some(organization) = order.entity.card.seller.organization() else { return Ok(None) };
    let standing = orders.store.get_standing(organization, caller.user_id).await?;
    Ok(if standing.may(MemberAction::FulfilOrders) {
        Some((order, Sight::Whole))
    } else if standing.may(MemberAction::ViewOrders) {
        Some((order, Sight::Viewer))
    } else {
        None
    })
}

/// Reads an order for a command of administrators, of members who may perform `action`,
/// and, with `by_customer`, of its customer.
pub(crate) async fn permit(
    orders: &Orders,
    caller: &Caller,
    id: OrderId,
    (action, by_customer): (MemberAction, bool),
) -> Result<Permitted, Refused<CommandRefusal>> {
    let order = listed(orders, id).await?;
    let permitted = |order, sight, check| Ok(Permitted { order, sight, check });
    if manages(caller) {
        let order = order.ok_or(Refused::By(CommandRefusal::NotFound))?;
        return permitted(order, Sight::Whole, OrganizationCheck::None);
    }
    let other = || {
        let denied = CommandRefusal::Denied(Denied::Forbidden);
        Refused::By(if by_customer { CommandRefusal::NotFound } else { denied })
    };
    let order = order.ok_or_else(other)?;
    if by_customer && order.entity.card.user_id == caller.user_id {
        return permitted(order, Sight::Customer, OrganizationCheck::None);
    }
    let organization = order.entity.card.seller.organization().ok_or_else(other)?;
    let standing = orders.store.get_standing(organization, caller.user_id).await?;
    if !standing.may(MemberAction::ViewOrders) {
        return Err(other());
    }
    let check = standing.permit(action).map_err(|denied| Refused::By(CommandRefusal::Denied(denied)))?;
    permitted(order, Sight::Whole, check)
}

/// Adds the condition of a transition that sells available stock, without a reservation:
/// as for a new order, the seller must be active, whoever gives the command.
pub(crate) async fn permit_sale(
    orders: &Orders,
    caller: &Caller,
    order: &Order,
    check: OrganizationCheck,
) -> Result<OrganizationCheck, Refused<CommandRefusal>> {
    let Some(organization) = order.card.seller.organization().filter(|_| !check.is_some()) else {
        return Ok(check);
    };
    let standing = orders.store.get_standing(organization, caller.user_id).await?;
    standing.permit_platform().map_err(|denied| Refused::By(CommandRefusal::Denied(denied)))
}

/// Reads the stock of a SKU for an administrator, or for a member of its seller who may
/// view it.
pub(crate) async fn get_stock(
    orders: &Orders,
    caller: &Caller,
    sku: &Sku,
) -> Result<StoredStock, Refused<CommandRefusal>> {
    Ok(seen_stock(orders, caller, sku).await?.0)
}

/// Reads the stock of a SKU for a change by an administrator, or by a member of its seller
/// who may manage it; with the conditions of the write.
pub(crate) async fn permit_stock(
    orders: &Orders,
    caller: &Caller,
    sku: &Sku,
) -> Result<(StoredStock, OrganizationCheck), Refused<CommandRefusal>> {
    let (stock, standing) = seen_stock(orders, caller, sku).await?;
    let permitted =
        standing.map_or(Ok(OrganizationCheck::None), |it| it.permit(MemberAction::ManageProducts));
    let check = permitted.map_err(|denied| Refused::By(CommandRefusal::Denied(denied)))?;
    Ok((stock, check))
}

/// Reads the stock of a SKU, and the standing of a caller who is no administrator.
async fn seen_stock(
    orders: &Orders,
    caller: &Caller,
    sku: &Sku,
) -> Result<(StoredStock, Option<Standing>), Refused<CommandRefusal>> {
    let stock = read_stock(orders, sku).await?;
    if manages(caller) {
        return Ok((stock.ok_or(Refused::By(CommandRefusal::NotFound))?, None));
    }
    // The refusal does not reveal if the SKU exists.
    let forbidden = || Refused::By(CommandRefusal::Denied(Denied::Forbidden));
    let stock = stock.ok_or_else(forbidden)?;
    let organization = stock.0.entity.seller.organization().ok_or_else(forbidden)?;
    let standing = orders.store.get_standing(organization, caller.user_id).await?;
    if standing.may(MemberAction::ViewProducts) { Ok((stock, Some(standing))) } else { Err(forbidden()) }
}

/// Reads an order that is in lists.
async fn listed(orders: &Orders, id: OrderId) -> Result<Option<Stored<Order>>, Failure> {
    let order = orders.store.get_order(id).await?;
    Ok(order.filter(|order| order.entity.deleted_at.is_none()))
}

/// The stock of the current variant of a SKU, with all of its buckets.
async fn read_stock(orders: &Orders, sku: &Sku) -> Result<Option<StoredStock>, Failure> {
    let mut stock = orders.store.get_stock(std::slice::from_ref(sku)).await?;
    let Some(offer) = stock.offer(sku).cloned() else { return Ok(None) };
    let buckets = stock.buckets.remove(&offer.entity.variant()).unwrap_or_default();
    Ok(Some((offer, buckets)))
}
