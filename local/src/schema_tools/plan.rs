//! Items that the jobs would rewrite, and items that cannot be read.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

use shared::{
    Failure,
    evolution::{Beside, Rewrite},
    table::{
        item::{Attributes, ENTITY_TYPE, Reader},
        schema::Index,
    },
};

use super::{
    difference::{kilobytes, paths},
    failed::{Failed, REPORTED},
    jobs,
    planned::{Example, JobPlan, Plan},
    readers,
    rewriting::next,
    scan::{Scan, key_of, text},
};

/// Number of examples of a job.
const EXAMPLES: usize = 3;

/// Maximum rewrites of one item by all jobs.
const REWRITES: usize = 20;

/// Looks at every item.
pub(super) async fn plan(scan: &Scan) -> Result<Plan, Failure> {
    let plan = Mutex::new(Plan::default());
    let readers = readers();
    let read_units = scan
        .each(|item| {
            let mut plan = plan.lock().unwrap_or_else(PoisonError::into_inner);
            plan.scanned += 1;
            if let Err((job, failure)) = add(&mut plan.jobs, item) {
                plan.fail(item, job, &failure);
            } else if let Err(failure) = read(&readers, item) {
                plan.fail(item, "reading", &failure);
            }
        })
        .await?;
    let mut plan = plan.into_inner().unwrap_or_else(PoisonError::into_inner);
    plan.read_units = read_units;
    Ok(plan)
}

impl Plan {
    fn fail(&mut self, item: &Attributes, job: &str, failure: &Failure) {
        self.failed += 1;
        if self.failures.len() < REPORTED {
            self.failures.push(Failed::of(item, job, failure));
        }
    }
}

/// Adds the rewrites of an item.
fn add(plans: &mut BTreeMap<String, JobPlan>, item: &Attributes) -> Result<(), (&'static str, Failure)> {
    let mut item = item.clone();
    for _ in 0..REWRITES {
        let Some((job, Rewrite { item: after, beside })) = next(jobs(), &item)? else { return Ok(()) };
        let plan = plans.entry(job.name.to_owned()).or_insert_with(|| JobPlan::of(job));
        plan.items += 1;
        plan.write_units += units(&item, &after, &beside);
        if plan.examples.len() < EXAMPLES {
            let key = key_of(&item).unwrap_or_default();
            let (pk, sk) = (key.pk, key.sk);
            plan.examples.push(Example { pk, sk, differences: paths(&item, &after), beside: beside.len() });
        }
        item = after;
    }
    Ok(())
}

fn read(readers: &[Reader], item: &Attributes) -> Result<(), Failure> {
    let kind = text(item, ENTITY_TYPE);
    let reader = readers.iter().find(|reader| reader.entity == kind);
    // An unknown type is of a later release, and stands in the status.
    reader.map_or(Ok(()), |reader| (reader.read)(item.clone()))
}

/// Estimated write units of a rewrite: those of the larger image for each kilobyte, twice
/// that in a transaction, and one for each index row that is written or removed.
fn units(before: &Attributes, after: &Attributes, beside: &[Beside]) -> f64 {
    let times = if beside.is_empty() { 1.0 } else { 2.0 };
    let own = times * kilobytes(before).max(kilobytes(after)) + rows_changed(before, after);
    let others = beside.iter().map(|write| match write {
        Beside::Put(item) | Beside::PutNew(item, _) => {
            times * kilobytes(item) + rows_changed(&Attributes::new(), item)
        }
        Beside::Remove(_) => times + 1.0,
    });
    own + others.sum::<f64>()
}

fn rows_changed(before: &Attributes, after: &Attributes) -> f64 {
    let rows = Index::ALL.iter().map(|index| {
        let key = |item: &Attributes| {
            let attribute = |name: &str| item.get(name).cloned();
            attribute(index.partition_key()).zip(attribute(index.sort_key()))
        };
        match (key(before), key(after)) {
            (None, None) => 0.0,
            (Some(one), Some(other)) if one == other && before.get("card") == after.get("card") => 0.0,
            (Some(one), Some(other)) if one != other => 2.0,
            _ => 1.0,
        }
    });
    rows.sum()
}
