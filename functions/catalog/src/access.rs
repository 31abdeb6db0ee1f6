//! Access of callers to the products of a seller: administrators to all, members to those
//! of their organisation. It is judged on items that the attempt has read, and the write
//! checks the same again.

use shared::{
    Failure, Refused,
    identity::{Caller, Permission},
    membership::{Denied, MemberAction, OrganizationCheck, Standing},
    seller::Seller,
};

use crate::{
    product::Product,
    state::{Catalog, Reader},
    store::Store,
};

/// True if the caller manages all products.
pub(crate) fn manages(caller: &Caller) -> bool {
    caller.may(Permission::ManageCatalog)
}

/// Judges a change of a product; gives the conditions of the write. `None` for a product
/// that does not exist for the caller.
pub(crate) async fn permit_change(
    store: &Store,
    caller: &Caller,
    product: &Product,
) -> Result<Option<OrganizationCheck>, Refused<Denied>> {
    if manages(caller) {
        return Ok(Some(OrganizationCheck::None));
    }
    let standing = match product.seller.organization() {
        Some(organization) => Some(store.get_standing(organization, caller.user_id).await?),
        None => None,
    };
    let is_seen = |standing: &Standing| standing.may(MemberAction::ViewProducts);
    if !(Reader::of(Some(caller)).sees(product) || standing.as_ref().is_some_and(is_seen)) {
        return Ok(None);
    }
    match standing {
        Some(standing) => standing.permit(MemberAction::ManageProducts).map(Some).map_err(Refused::By),
        None => Err(Refused::By(Denied::Forbidden)),
    }
}

/// Judges the creation of products of a seller; gives the conditions of the write. `None`
/// for an organisation that does not exist.
pub(crate) async fn permit_creation(
    store: &Store,
    caller: &Caller,
    seller: &Seller,
) -> Result<Option<OrganizationCheck>, Refused<Denied>> {
    let Some(organization) = seller.organization() else {
        return if manages(caller) {
            Ok(Some(OrganizationCheck::None))
        } else {
            Err(Refused::By(Denied::Forbidden))
        };
    };
    let standing = store.get_standing(organization, caller.user_id).await?;
    if !manages(caller) {
        return standing.permit(MemberAction::ManageProducts).map(Some).map_err(Refused::By);
    }
    if standing.exists() { standing.permit_platform().map(Some).map_err(Refused::By) } else { Ok(None) }
}

impl Catalog {
    /// True if a reader sees the products of a seller in every status, also withheld ones,
    /// with their opening stock.
    pub(crate) async fn shows_all(&self, reader: Reader, seller: &Seller) -> Result<bool, Failure> {
        if reader.is_administrator() {
            return Ok(true);
        }
        match (seller.organization(), reader.user) {
            (Some(organization), Some(user)) => {
                Ok(self.store.get_standing(organization, user).await?.may(MemberAction::ViewProducts))
            }
            (Some(_), None) | (None, _) => Ok(false),
        }
    }
}
