//! `POST /api/v1/organizations/{organization_id}/invitations`

use axum::extract::State;
use serde::Deserialize;
use shared::{
    Failure,
    http::{
        Created, Faults, Field, IdempotencyKey, Idempotent, KeyReused, Path, Problem, Replayable, Versioned,
        once, problem::NOT_FOUND,
    },
    id::{InvitationId, OrganizationId},
    identity::{Caller, limits::Wait},
    membership::Invitation,
    table::{item::Stored, optimistic},
    text::Email,
    vocabulary::{InvitationStatus, OrganizationRole},
};
use utoipa::ToSchema;

use super::invite::{invite, invite_problems, read};
use crate::{
    access::Grant,
    problems::{
        ALREADY_MEMBER, MEMBER_LIMIT_REACHED, NotPermitted, ORGANIZATION_BLOCKED, ORGANIZATION_CLOSED,
        ROLE_ABOVE_OWN,
    },
    state::Organizations,
    store::Overview,
    view::InvitationView,
};

/// An invitation of an email address.
#[derive(Deserialize, ToSchema)]
#[schema(examples(json!({ "email": "bo@example.com", "role": "editor" })))]
pub struct CreateInvitationRequest {
    /// Email address.
    #[schema(value_type = Email)]
    email: Field<String>,
    /// Role of the new member.
    #[schema(value_type = OrganizationRole)]
    role: Field<OrganizationRole>,
}

shared::problems! {
    /// Errors of inviting.
    pub enum CreateInvitationError {
        NotFound => NOT_FOUND,
        NotPermitted(NotPermitted),
        AboveOwn => ROLE_ABOVE_OWN,
        AlreadyMember => ALREADY_MEMBER,
        Full => MEMBER_LIMIT_REACHED,
        Blocked => ORGANIZATION_BLOCKED,
        Closed => ORGANIZATION_CLOSED,
        Invalid(Faults),
        KeyReused(KeyReused),
        TooMany(Wait),
    }
}

invite_problems!(CreateInvitationError);

type CreatedInvitation = Versioned<Created<InvitationView>>;

/// Invite a person
///
/// Sends an email with a link, which is valid for 7 days. The address has one invitation to
/// the organisation: a further request renews it, and its earlier link becomes void. The
/// reply does not disclose if the address has an account. For owners and admins, up to
/// their own role; 50 invitations a day. The role `owner` requires a recent authentication.
#[utoipa::path(
    post,
    path = "/api/v1/organizations/{organization_id}/invitations",
    params(("organization_id" = OrganizationId, Path, description = "The organisation's id."), IdempotencyKey),
    security(("bearer" = ["recent_authentication"])),
    request_body = CreateInvitationRequest,
    responses(Replayable<CreatedInvitation>, CreateInvitationError),
)]
pub async fn create_invitation(
    State(organizations): State<Organizations>,
    caller: Caller,
    Path(id): Path<OrganizationId>,
    Idempotent(body, mut faults, attempt): Idempotent<CreateInvitationRequest>,
) -> Result<Replayable<CreatedInvitation>, Problem> {
    let email = faults.required("/email", body.email, |text: String| Email::parse(&text));
    let role = faults.required("/role", body.role, Ok);
    let parsed = faults.done((email, role));
    let organizations = &organizations;
    // Before the body: a stranger learns nothing of it.
    read(organizations, id, caller.user_id).await.map_err(CreateInvitationError::from)?;
    let (email, role) = parsed.map_err(CreateInvitationError::from)?;
    let grant = Grant::judge(&caller, role, &organizations.verifier).await?;
    let caller = caller.user_id;
    let mac = organizations.keys().await?.address.mailbox(&email);
    let invitation = Invitation::id_of(id, &mac);
    let record = attempt.about(id).record(caller, &["email"], invitation, organizations.context.clock.now());
    let (email, mac, record) = (&email, &mac, record.as_ref());
    let create = async {
        if organizations.store.first_request(record).await?.is_some() {
            return Ok(None);
        }
        let invited = optimistic(|| async move {
            let (found, own) = read(organizations, id, caller).await?;
            let before = organizations.store.get_invitation(invitation).await?;
            if is_member(organizations, &found, before.as_ref(), mac).await? {
                return Err(CreateInvitationError::AlreadyMember);
            }
            Ok(invite(organizations, caller, (&found, own), before.as_ref(), (email, grant), record).await?)
        })
        .await?;
        Ok::<_, CreateInvitationError>(Some(created(organizations, invited)))
    };
    let first = async {
        let Some(first) = organizations.store.first_request(record).await? else { return Ok(None) };
        let id: InvitationId = first.resource().parse().map_err(Failure::internal)?;
        let invitation = organizations.store.get_invitation(id).await?;
        Ok::<_, CreateInvitationError>(invitation.map(|invitation| created(organizations, invitation)))
    };
    // Boxed: the future is large.
    Ok(Box::pin(once(create, first)).await?)
}

fn created(organizations: &Organizations, invitation: Stored<Invitation>) -> CreatedInvitation {
    let Stored { entity, version } = invitation;
    let (id, organization) = (entity.id, entity.card.organization_id);
    let location = format!("/api/v1/organizations/{organization}/invitations/{id}");
    let body = InvitationView::new(id, entity.card, organizations.context.clock.now());
    Versioned(version, Created { location, body })
}

/// True if the address is that of the caller, or of a member who has joined by an
/// invitation of this address and still has it. A founder whom another admin invites gets
/// an email, and accepts it as a member: no index leads from addresses to members.
async fn is_member(
    organizations: &Organizations,
    found: &Overview,
    invitation: Option<&Stored<Invitation>>,
    mac: &str,
) -> Result<bool, Failure> {
    let caller = found.member.as_ref().map(|member| member.entity.card.user_id);
    let accepted = invitation.filter(|before| before.entity.card.status == InvitationStatus::Accepted);
    let accepted = accepted.and_then(|before| before.entity.accepted_by);
    for user in caller.into_iter().chain(accepted) {
        let profile = organizations.store.get_profile(user).await?;
        if profile.is_some_and(|profile| profile.address_mac == mac) {
            let members = organizations.store.get_members(found.organization.entity.id, &[user]).await?;
            if members.is_some_and(|members| members.get(user).is_some()) {
                return Ok(true);
            }
        }
    }
    Ok(false)
}
