//! Organisations of the demo: each belongs to a customer, who invites others. An existing
//! one is found by its slug, and its missing members are invited again.

use http::StatusCode;
use serde_json::json;
use shared::text::slug;

use super::{DemoError, shop::Shop};
use crate::operator::Tally;

/// Name, summary and city of each.
const ORGANIZATIONS: [(&str, &str, &str); 12] = [
    ("Analytical Society", "Evenings about machines that do not exist yet.", "London"),
    ("Клуб настольных игр", "Играем каждую пятницу.", "Казань"),
    ("Lisbon Tram Choir", "Songs for the steep streets.", "Lisbon"),
    ("Prague Bookbinders", "Paper, thread and patience.", "Prague"),
    ("Tea and Letters", "Leaves of both kinds.", "Edinburgh"),
    ("Ателье на Невском", "Пальто и платья на заказ.", "Санкт-Петербург"),
    ("Harbour Rowing Club", "Out at six, back by eight.", "Gothenburg"),
    ("Night Bakery", "Bread for those who are awake.", "Kraków"),
    ("Open Workshop", "Tools to share, and people who know them.", "Berlin"),
    ("Sapporo Ceramics", "Bowls, cups and the odd vase.", "Sapporo"),
    ("Garden Street Market", "Neighbours who sell what they grow.", "Dublin"),
    ("Radio Amateurs", "Signals from near and far.", "Turin"),
];

/// Roles of further members, in turn.
const ROLES: [&str; 4] = ["admin", "editor", "staff", "viewer"];

/// Number of organisations.
pub(super) const COUNT: usize = ORGANIZATIONS.len();

/// Creates the missing organisations, each with one to four further members; gives the ids
/// of all.
pub(super) async fn make_organizations(
    customers: &[Shop<'_>],
    done: &impl Fn(),
) -> Result<(Vec<String>, Tally), DemoError> {
    let (mut ids, mut tally) = (Vec::new(), Tally::default());
    for (number, (name, summary, city)) in ORGANIZATIONS.into_iter().enumerate() {
        let owner = &customers[number % customers.len()];
        let slug = slug(name, 100).unwrap_or_default();
        let found = owner.get(&format!("/api/v1/organizations/by-slug/{slug}")).await?;
        let organization = match found.status {
            StatusCode::OK => {
                tally.present += 1;
                found
            }
            StatusCode::NOT_FOUND => {
                let body = json!({ "name": name, "slug": slug, "summary": summary, "city": city });
                let made = owner.post("/api/v1/organizations", &body).await?;
                if made.status != StatusCode::CREATED {
                    return Err(made.unexpected());
                }
                tally.made += 1;
                made
            }
            _ => return Err(found.unexpected()),
        };
        let id = organization.body["id"].as_str().unwrap_or_default();
        for (place, role) in ROLES.into_iter().enumerate().take(1 + number % ROLES.len()) {
            let member = &customers[(number + 1 + place) % customers.len()];
            join(owner, id, member, role).await?;
        }
        ids.push(id.to_owned());
        done();
    }
    Ok((ids, tally))
}

/// Invites a customer, who accepts, unless they are a member.
async fn join(owner: &Shop<'_>, id: &str, member: &Shop<'_>, role: &str) -> Result<(), DemoError> {
    let body = json!({ "email": member.email(), "role": role });
    let invited = owner.post(&format!("/api/v1/organizations/{id}/invitations"), &body).await?;
    match invited.status {
        StatusCode::CREATED => {}
        StatusCode::CONFLICT => return Ok(()),
        _ => return Err(invited.unexpected()),
    }
    let invitation = invited.body["id"].as_str().unwrap_or_default();
    let accepted = member.post(&format!("/api/v1/invitations/{invitation}/accept"), &json!({})).await?;
    match accepted.status {
        // Without a verified address, the invitation stays open.
        StatusCode::OK | StatusCode::FORBIDDEN => Ok(()),
        _ => Err(accepted.unexpected()),
    }
}
