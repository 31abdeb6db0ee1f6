//! Table operations of the group's HTTP side.

use shared::{
    Failure, Refused,
    bus::{
        DomainEvent,
        events::{UserEmailChangeRequested, UserExportRequested},
    },
    clock::Timestamp,
    http::{IdempotencyRecord, KeyReused},
    id::{ExportId, UserId},
    identity::{
        Authority, ExportJob, ExportPart, Login, OutgoingMail, PublicProfile, Revocation, User, UserCard,
        accounts::{self, Refusals},
        needs_authority,
    },
    table::{Condition, ConditionFailed, Listed, Query, Table, item::Stored, schema, units::Operation},
    vocabulary::{Role, Status},
};

use crate::operations::{
    CREATE_USER, DELETE_USER, FIND_USERS, GET_EXPORT, GET_IDEMPOTENCY_RECORD, GET_LOGIN, GET_USER,
    LIST_EXPORT, LIST_USERS, REPLACE_USER, REPLACE_USER_AND_SESSIONS, REQUEST_EXPORT,
};

/// Errors of requesting an export.
#[derive(Debug, Clone, Copy)]
pub(crate) enum ExportRefusal {
    /// One was requested within a day.
    TooMany,
    /// The account was deleted by another request.
    AccountGone,
}

/// Reason for a refused creation of an account.
#[derive(Debug, Clone, Copy)]
pub(crate) enum CreateRefusal {
    /// The request is a repeated one.
    Repeated,
    /// Another account has the address.
    EmailTaken,
    /// The caller is no longer an administrator.
    AuthorityLost,
}

/// Reason for a refused change of an account.
#[derive(Debug, Clone, Copy)]
pub(crate) enum ChangeRefusal {
    /// A concurrent writer was first.
    Outdated,
    /// The account is the last active administrator's.
    LastAdministrator,
    /// The caller is no longer an administrator.
    AuthorityLost,
}

const REFUSALS: Refusals<ChangeRefusal> = Refusals {
    outdated: ChangeRefusal::Outdated,
    last_administrator: ChangeRefusal::LastAdministrator,
    authority_lost: ChangeRefusal::AuthorityLost,
};

/// Filters of a list of accounts.
#[derive(Debug, Clone, Copy)]
pub(crate) struct UserFilter {
    pub(crate) role: Option<Role>,
    pub(crate) status: Option<Status>,
    pub(crate) created_after: Option<Timestamp>,
    pub(crate) created_before: Option<Timestamp>,
    pub(crate) descending: bool,
}

/// An account in a list.
#[derive(Debug, Clone)]
pub(crate) struct ListedUser {
    pub(crate) id: UserId,
    /// Sort key in the list.
    pub(crate) sort: String,
    pub(crate) card: UserCard,
}

#[derive(Debug, Clone)]
pub(crate) struct Store {
    table: Table,
}

impl Store {
    pub(crate) fn new(table: Table) -> Self {
        Self { table }
    }

    /// The account, if there is one.
    pub(crate) async fn get_user(&self, id: UserId) -> Result<Option<Stored<User>>, Failure> {
        self.table.operation(&GET_USER).get(schema::user(id)).await
    }

    /// Login of an address.
    pub(crate) async fn get_login(&self, address_mac: &str) -> Result<Option<Stored<Login>>, Failure> {
        self.table.operation(&GET_LOGIN).get(schema::login(address_mac)).await
    }

    /// Lists up to `limit` accounts in the order of their ids, after `after`.
    pub(crate) async fn list_users(
        &self,
        filter: UserFilter,
        after: Option<UserId>,
        limit: usize,
    ) -> Result<Vec<ListedUser>, Failure> {
        let wanted = |role: &&Role| filter.role.is_none_or(|wanted| wanted == **role);
        let of_status = |status: &&Status| filter.status.is_none_or(|wanted| wanted == **status);
        let first = UserId::earliest(Timestamp::from_millis(0));
        let keys = Role::ALL.iter().filter(wanted).flat_map(|role| {
            let statuses = Status::ALL.iter().filter(of_status);
            statuses.map(|status| schema::users_by_role(&(*role).into(), &(*status).into(), first))
        });
        let mut query = Query::merged(keys).descending(filter.descending);
        if let Some(moment) = filter.created_after {
            query = query.from(UserId::earliest(moment).to_string());
        }
        if let Some(moment) = filter.created_before {
            query = query.to(UserId::earliest(moment).to_string());
        }
        self.list(&LIST_USERS, query, after.map(|id| id.to_string()), limit).await
    }

    /// Finds up to `limit` accounts whose address begins with `prefix`, after the sort
    /// key `after`.
    pub(crate) async fn find_users_by_email(
        &self,
        prefix: &str,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<ListedUser>, Failure> {
        let key = schema::users_by_email("", UserId::earliest(Timestamp::from_millis(0)));
        self.list(&FIND_USERS, Query::index(key).prefix(prefix), after, limit).await
    }

    /// Finds up to `limit` accounts whose name begins with `prefix`, after the sort key
    /// `after`.
    pub(crate) async fn find_users_by_name(
        &self,
        prefix: &str,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<ListedUser>, Failure> {
        let key = schema::users_by_name("", UserId::earliest(Timestamp::from_millis(0)));
        self.list(&FIND_USERS, Query::index(key).prefix(prefix), after, limit).await
    }

    async fn list(
        &self,
        operation: &'static Operation,
        query: Query,
        after: Option<impl Into<String>>,
        limit: usize,
    ) -> Result<Vec<ListedUser>, Failure> {
        let query = query.after(after).limit(limit);
        let access = self.table.operation_on(operation, query.partitions());
        access.list_cards(query).await?.into_iter().map(ListedUser::try_from).collect()
    }

    /// Creates an account and publishes the event; with a record, once.
    pub(crate) async fn create_user(
        &self,
        user: &User,
        login: &Login,
        record: Option<&IdempotencyRecord>,
        authority: Authority,
    ) -> Result<(), Refused<CreateRefusal>> {
        let mut transaction = self.table.operation(&CREATE_USER).transaction();
        if let Some(record) = record {
            transaction = transaction.put(record, record.unused(), Vec::new()).or(CreateRefusal::Repeated);
        }
        let refusals = (CreateRefusal::EmailTaken, CreateRefusal::AuthorityLost);
        accounts::create_with_authority(transaction, user, login, authority, refusals).commit().await
    }

    /// The record of the first request of a record's key.
    pub(crate) async fn first_request(
        &self,
        record: Option<&IdempotencyRecord>,
    ) -> Result<Option<IdempotencyRecord>, Refused<KeyReused>> {
        IdempotencyRecord::first(record, self.table.operation(&GET_IDEMPOTENCY_RECORD)).await
    }

    /// Replaces an account of the same role and status, and publishes the change.
    pub(crate) async fn replace_user(
        &self,
        before: &Stored<User>,
        after: &User,
        address_mac: &str,
    ) -> Result<(), Refused<ChangeRefusal>> {
        if needs_authority(&before.entity, after) {
            return Err(Failure::internal("a role or a status needs authority").into());
        }
        let mut events: Vec<DomainEvent> =
            accounts::updated(&before.entity, after, false).into_iter().collect();
        if after.pending_email.is_some() && after.pending_email != before.entity.pending_email {
            let requested = UserEmailChangeRequested { user_id: after.id };
            events.push(DomainEvent::UserEmailChangeRequested(requested));
        }
        if PublicProfile::changes(&before.entity, after) {
            let (mac, outdated) = (Some(address_mac), ChangeRefusal::Outdated);
            let transaction = self.table.operation(&REPLACE_USER).transaction();
            return accounts::replace(transaction, before, after, mac, events, outdated).commit().await;
        }
        let condition = Condition::Version(before.version);
        match self.table.operation(&REPLACE_USER).put(after, condition, events).await {
            Ok(()) => Ok(()),
            Err(Refused::By(ConditionFailed(_))) => Err(Refused::By(ChangeRefusal::Outdated)),
            Err(Refused::Failed(failure)) => Err(failure.into()),
        }
    }

    /// Replaces an account of another role or status, whose generation has grown, and
    /// publishes the change.
    pub(crate) async fn replace_user_with_authority(
        &self,
        before: &Stored<User>,
        after: &User,
        address_mac: &str,
        (revocation, authority): (&Revocation, Authority),
    ) -> Result<(), Refused<ChangeRefusal>> {
        let events = accounts::updated(&before.entity, after, false).into_iter().collect();
        let transaction = self.table.operation(&REPLACE_USER_AND_SESSIONS).transaction();
        accounts::replace_with_authority(
            transaction,
            before,
            after,
            Some(address_mac),
            events,
            (authority, REFUSALS),
        )
        .put_new(revocation)
        .commit()
        .await
    }

    /// Deletes an account and publishes the event.
    pub(crate) async fn delete_user(
        &self,
        user: &Stored<User>,
        address_mac: &str,
        revocation: &Revocation,
        now: Timestamp,
        authority: Option<Authority>,
    ) -> Result<(), Refused<ChangeRefusal>> {
        let transaction = self.table.operation(&DELETE_USER).transaction();
        accounts::delete(transaction, user, address_mac, now, authority, REFUSALS)
            .put_new(revocation)
            .put_new(&OutgoingMail::to_owner_of(&user.entity, now))
            .commit()
            .await
    }

    /// Requests the parts of an export from every group, unless one was requested
    /// within a day.
    pub(crate) async fn request_export(
        &self,
        job: &ExportJob,
        now: Timestamp,
    ) -> Result<(), Refused<ExportRefusal>> {
        let requested = UserExportRequested { export_id: job.export_id, user_id: job.user_id };
        let events = vec![DomainEvent::UserExportRequested(requested)];
        let requested = self
            .table
            .operation(&REQUEST_EXPORT)
            .transaction()
            .put(job, ExportJob::is_due(now), events)
            .or(ExportRefusal::TooMany)
            // The erasure does not see a job that is written after it.
            .check(schema::user(job.user_id), accounts::exists())
            .or(ExportRefusal::AccountGone)
            .commit();
        requested.await
    }

    /// The job of the latest export of an account, as long as it is kept.
    pub(crate) async fn get_latest_export(&self, user: UserId) -> Result<Option<ExportJob>, Failure> {
        let stored = self.table.operation(&GET_EXPORT).get(schema::export_job(user)).await?;
        Ok(stored.map(|stored: Stored<ExportJob>| stored.entity))
    }

    /// The parts of an export after the sort key `after`.
    pub(crate) async fn list_export(
        &self,
        user: UserId,
        export: ExportId,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<ExportPart>, Failure> {
        let key = schema::export_part(user, export, "");
        let after = after.map(|after| schema::export_part(user, export, after).sk);
        let query = Query::table(key.clone()).prefix(&key.sk).after(after).limit(limit);
        let parts = self.table.operation(&LIST_EXPORT).list::<ExportPart>(query).await?;
        Ok(parts.into_iter().map(|stored| stored.entity).collect())
    }
}

impl TryFrom<Listed<UserCard>> for ListedUser {
    type Error = Failure;

    fn try_from(listed: Listed<UserCard>) -> Result<Self, Failure> {
        Ok(Self { id: listed.id()?, sort: listed.sort, card: listed.card })
    }
}
