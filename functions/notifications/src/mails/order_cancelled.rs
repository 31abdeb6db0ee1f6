//! "Your order has been cancelled"

use shared::{
    bus::events::OrderState,
    vocabulary::{Locale, PaymentStatus},
};

use super::{Mail, Reader, Words};

/// Notice of a cancelled order.
pub(crate) fn order_cancelled(reader: Reader<'_>, order: &OrderState) -> Mail {
    let OrderState { order_id, total, payment_status, .. } = order;
    let is_paid = *payment_status != PaymentStatus::Unpaid;
    let words = match reader.locale {
        Locale::En => Words {
            subject: "Your order has been cancelled",
            message: &format!("Your order {order_id} for {total} has been cancelled."),
            link: None,
            footnote: if is_paid { "Your payment will be refunded." } else { "You have not been charged." },
        },
        Locale::Ru => Words {
            subject: "Ваш заказ отменён",
            message: &format!("Ваш заказ {order_id} на сумму {total} отменён."),
            link: None,
            footnote: if is_paid {
                "Мы вернём вам оплату."
            } else {
                "Деньги за заказ не списывались."
            },
        },
    };
    words.render(reader)
}
