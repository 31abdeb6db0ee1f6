//! "Your order is cancelled"

use shared::{
    bus::events::OrderState,
    vocabulary::{Locale, PaymentStatus},
};

use super::{Mail, Reader, Words};

/// Tells that an order is called off.
pub(crate) fn order_cancelled(reader: Reader<'_>, order: &OrderState) -> Mail {
    let OrderState { order_id, total, payment_status, .. } = order;
    let is_paid = *payment_status != PaymentStatus::Unpaid;
    let words = match reader.locale {
        Locale::En => Words {
            subject: "Your order is cancelled",
            message: &format!("Your order {order_id} over {total} is cancelled."),
            link: None,
            footnote: if is_paid { "What was paid goes back." } else { "Nothing was paid for it." },
        },
        Locale::Ru => Words {
            subject: "Ваш заказ отменён",
            message: &format!("Ваш заказ {order_id} на сумму {total} отменён."),
            link: None,
            footnote: if is_paid {
                "Оплата будет возвращена."
            } else {
                "Оплаты за него не было."
            },
        },
    };
    words.render(reader)
}
