//! "Your order is confirmed"

use shared::{bus::events::OrderState, vocabulary::Locale};

use super::{Mail, Reader, Words};

/// Notice of a confirmed payment.
pub(crate) fn order_confirmed(reader: Reader<'_>, order: &OrderState) -> Mail {
    let OrderState { order_id, total, .. } = order;
    let words = match reader.locale {
        Locale::En => Words {
            subject: "Your order is confirmed",
            message: &format!("Thank you. Your order {order_id} for {total} is confirmed."),
            link: None,
            footnote: "You can cancel it until it is shipped.",
        },
        Locale::Ru => Words {
            subject: "Ваш заказ подтверждён",
            message: &format!("Спасибо! Ваш заказ {order_id} на сумму {total} подтверждён."),
            link: None,
            footnote: "Заказ можно отменить до отправки.",
        },
    };
    words.render(reader)
}
