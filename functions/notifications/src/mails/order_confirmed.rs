//! "Your order is confirmed"

use shared::{bus::events::OrderState, vocabulary::Locale};

use super::{Mail, Reader, Words};

/// Tells that an order's payment has come.
pub(crate) fn order_confirmed(reader: Reader<'_>, order: &OrderState) -> Mail {
    let OrderState { order_id, total, .. } = order;
    let words = match reader.locale {
        Locale::En => Words {
            subject: "Your order is confirmed",
            message: &format!("Thank you: your order {order_id} over {total} is confirmed."),
            link: None,
            footnote: "You may cancel it as long as it is not on its way.",
        },
        Locale::Ru => Words {
            subject: "Ваш заказ подтверждён",
            message: &format!("Спасибо: ваш заказ {order_id} на сумму {total} подтверждён."),
            link: None,
            footnote: "Его можно отменить, пока он не отправлен.",
        },
    };
    words.render(reader)
}
