//! The category tree, compared with a simple model: a list of categories with their
//! parents.

use catalog::tree::{Audience, Rank, Tree, TreeChange};
use shared::{
    id::CategoryId,
    journal::State as _,
    text::{Slug, Title},
    vocabulary::CategoryStatus,
};

/// Pseudorandom numbers, the same in each run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % limit
    }
}

/// Siblings are in the order of the list.
#[derive(Default)]
struct Model(Vec<(CategoryId, Option<CategoryId>)>);

impl Model {
    fn children(&self, parent: Option<CategoryId>) -> Vec<CategoryId> {
        self.0.iter().filter(|(_, of)| *of == parent).map(|(id, _)| *id).collect()
    }

    fn walk(&self, parent: Option<CategoryId>, level: usize, found: &mut Vec<(usize, CategoryId)>) {
        for id in self.children(parent) {
            found.push((level, id));
            self.walk(Some(id), level + 1, found);
        }
    }

    fn subtree(&self, top: CategoryId) -> Vec<CategoryId> {
        let mut found = vec![(0, top)];
        self.walk(Some(top), 1, &mut found);
        found.into_iter().map(|(_, id)| id).collect()
    }

    fn insert(&mut self, id: CategoryId, parent: Option<CategoryId>, before: Option<CategoryId>) {
        let place = before.and_then(|before| self.0.iter().position(|(id, _)| *id == before));
        self.0.insert(place.unwrap_or(self.0.len()), (id, parent));
    }

    fn any(&self, numbers: &mut Numbers) -> Option<CategoryId> {
        let place = numbers.below(self.0.len() + 1);
        self.0.get(place).map(|(id, _)| *id)
    }
}

fn create(tree: &Tree, id: CategoryId, parent: Option<CategoryId>) -> TreeChange {
    let text = id.to_string().replace('_', "-");
    TreeChange::Create {
        id,
        parent,
        rank: tree.rank(parent, None),
        name: Title::parse(&text).unwrap(),
        slug: Slug::parse(&text).unwrap(),
        status: CategoryStatus::Active.into(),
    }
}

fn id(number: usize) -> CategoryId {
    CategoryId::from_bytes(u128::try_from(number + 1).unwrap().to_be_bytes())
}

/// Makes one random change in both; `behind` collects the contents of deleted
/// categories.
fn step(
    number: usize,
    numbers: &mut Numbers,
    tree: &mut Tree,
    model: &mut Model,
    behind: &mut Vec<(CategoryId, Vec<CategoryId>)>,
) {
    let target = model.any(numbers);
    let change = match (numbers.below(10), target) {
        (0..=4, parent) | (_, parent @ None) => {
            model.insert(id(number), parent, None);
            create(tree, id(number), parent)
        }
        (5..=7, Some(moved)) => {
            let parent = model.any(numbers);
            if parent.is_some_and(|parent| tree.is_within(parent, moved)) {
                return assert!(model.subtree(moved).contains(&parent.unwrap()), "a cycle is one in both");
            }
            model.0.retain(|(id, _)| *id != moved);
            let siblings = model.children(parent);
            let before = siblings.get(numbers.below(siblings.len() + 1)).copied();
            model.insert(moved, parent, before);
            TreeChange::Move { id: moved, parent, rank: tree.rank(parent, before) }
        }
        (8, Some(gone)) => {
            let below = model.subtree(gone);
            let left: Vec<_> = below.iter().map(|id| (*id, model.children(Some(*id)))).collect();
            behind.extend(left);
            model.0.retain(|(id, _)| !below.contains(id));
            TreeChange::Cascade { id: gone }
        }
        (_, Some(gone)) => {
            let parent = model.0.iter().find(|(id, _)| *id == gone).unwrap().1;
            let children = model.children(Some(gone));
            behind.push((gone, children.clone()));
            model.0.retain(|(id, _)| *id != gone && !children.contains(id));
            for child in children {
                model.insert(child, parent, None);
            }
            TreeChange::Dissolve { id: gone }
        }
    };
    tree.apply(change).unwrap();
}

fn walked(tree: &Tree, after: Option<CategoryId>) -> Vec<(usize, CategoryId)> {
    tree.walk(None, None, after, Audience::Public).unwrap().collect()
}

#[test]
fn random_changes_leave_the_tree_as_the_model_says() {
    for seed in 0..40 {
        let (mut numbers, mut tree, mut model) = (Numbers(seed), Tree::default(), Model::default());
        let mut behind = Vec::new();
        for number in 0..300 {
            step(number, &mut numbers, &mut tree, &mut model, &mut behind);
            let mut expected = Vec::new();
            model.walk(None, 0, &mut expected);
            assert_eq!(walked(&tree, None), expected, "seed {seed}, step {number}");
            assert!(expected.iter().all(|(level, id)| tree.level(*id) == *level));
        }
        let whole = walked(&tree, None);
        for (place, (_, id)) in whole.iter().enumerate() {
            assert_eq!(walked(&tree, Some(*id)), whole[place + 1..], "a walk goes on anywhere");
            let below: Vec<_> = tree.subtree(*id, Audience::Administrators).collect();
            assert_eq!(below, model.subtree(*id));
        }
        for (gone, mut children) in behind {
            children.sort();
            assert_eq!(tree.left_behind(gone).collect::<Vec<_>>(), children, "what was in {gone} is known");
            tree.apply(TreeChange::Settle { id: gone, children }).unwrap();
            assert_eq!(tree.left_behind(gone).count(), 0);
        }
    }
}

#[test]
fn a_tree_of_500_levels_and_100_000_categories_is_walked_and_moved() {
    let mut tree = Tree::default();
    for number in 0..100_000 {
        // A chain of 500 levels, and the rest below its end.
        let parent = if number == 0 { None } else { Some(id(number.min(500) - 1)) };
        let change = create(&tree, id(number), parent);
        tree.apply(change).unwrap();
    }
    assert_eq!((tree.len(), tree.level(id(99_999))), (100_000, 500));
    let rank = tree.rank(None, None);
    tree.apply(TreeChange::Move { id: id(250), parent: None, rank }).unwrap();
    assert_eq!(
        (tree.level(id(99_999)), tree.subtree(id(250), Audience::Administrators).count()),
        (250, 99_750)
    );
}

#[test]
fn ranks_have_room_between_any_two_and_stay_short_at_the_ends() {
    let mut ranks = vec![Rank::between(None, None)];
    for _ in 0..1_000 {
        ranks.push(Rank::between(ranks.last(), None));
        ranks.insert(0, Rank::between(None, ranks.first()));
    }
    assert!(ranks.iter().all(|rank| rank.to_string().len() == 8));
    for _ in 0..200 {
        ranks.insert(1, Rank::between(Some(&ranks[0]), Some(&ranks[1])));
    }
    assert!(ranks.is_sorted() && ranks.windows(2).all(|two| two[0] != two[1]));
}
