//! Order tools of an operator: past orders for a demo shop, and the comparison of the
//! stock with the orders.

mod past;
mod reconcile;

pub use self::{
    past::{PastOrder, PastStep, Recorded, record},
    reconcile::{Drift, Reconciliation, reconcile},
};
