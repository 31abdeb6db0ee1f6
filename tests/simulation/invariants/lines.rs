//! Invariants of the canonical lines.

use local::functions::FUNCTIONS;
use shared::telemetry::Consumption;

use super::{
    super::workload::MARKER,
    {Aftermath, Faults},
};

/// No fault of AWS causes an internal error.
pub async fn no_line_says_that_we_are_wrong(aftermath: &Aftermath<'_>) -> Faults {
    let lines = aftermath.platform.lines();
    let wrong = lines.iter().filter(|line| {
        let cause = line.cause.as_deref().unwrap_or_default();
        line.outcome == "500" || cause.starts_with("internal") || cause == "panic"
    });
    wrong.map(|line| format!("{}: {} {:?}", line.action, line.outcome, line.cause)).collect()
}

/// No line has an address, name, password or token.
pub async fn nothing_personal_is_logged(aftermath: &Aftermath<'_>) -> Faults {
    let lines = serde_json::to_string(&aftermath.platform.lines()).unwrap();
    let ledger = aftermath.platform.ledger();
    let accounts = ledger.accounts.iter().flat_map(|account| &account.passwords);
    let refresh = ledger.sessions.iter().flat_map(|session| &session.refresh);
    let access = ledger.sessions.iter().flat_map(|session| session.access.iter().map(|(token, _)| token));
    let secrets = accounts.chain(refresh).chain(access).map(String::as_str);
    let found = secrets.chain([MARKER, "Marker-Lovelace"]).filter(|secret| lines.contains(secret));
    found.map(|secret| format!("{} stands in a log line", &secret[..secret.len().min(12)])).collect()
}

/// Operations on lists that budgets assume to be short: users of the simulation have more
/// sessions than typical ones, and its feeds more events.
const LISTS: [&str; 3] = ["auth.list_sessions", "events.get_events", "events.get_organizers"];

/// Operations keep to their budgets even if they run twice. A conflict costs another
/// round trip, so round trips are checked only after the faults.
pub async fn operations_keep_to_their_budgets(aftermath: &Aftermath<'_>) -> Faults {
    let lines = aftermath.platform.lines();
    let mut faults = Faults::new();
    for (place, line) in lines.iter().enumerate() {
        let typical = line.operations.iter().filter(|(name, _)| !LISTS.contains(name));
        for (name, Consumption { uses, units }) in typical {
            let mut operations = shared::identity::operations()
                .chain(FUNCTIONS.iter().flat_map(|declared| declared.operations));
            let budget = operations.find(|operation| operation.name == *name).unwrap().budget;
            let uses = f64::from(*uses);
            // A member and an invitation have 0.9 KB, which the fields of a later release
            // make more than 1 KB, and events have as many that are near a limit; a public
            // member and a published event have a row more. A refunded order has 0.9 KB.
            let larger = match name.split('.').next() {
                Some("organizations" | "events") => 4.0,
                Some("orders") => 1.0,
                _ => 0.0,
            };
            let trips = f64::from(units.round_trips) <= f64::from(budget.round_trips) * uses;
            if units.read > budget.read * uses
                || units.write > (budget.write + larger) * uses
                || (!trips && place >= aftermath.healed_at)
            {
                faults.push(format!("{}: {name} took {units:?} in {uses} uses", line.action));
            }
        }
    }
    faults
}
