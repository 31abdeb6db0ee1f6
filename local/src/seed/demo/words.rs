//! The words of the shop: ASCII letters, so that a name in lower case is a slug.

/// First level of categories.
#[derive(Debug)]
pub(super) struct Department {
    pub(super) name: &'static str,
    pub(super) brands: &'static [&'static str],
    pub(super) sections: &'static [Section],
}

/// Second level.
#[derive(Debug)]
pub(super) struct Section {
    pub(super) name: &'static str,
    pub(super) shelves: &'static [Shelf],
}

/// Third level; the fourth is that of its materials.
#[derive(Debug)]
pub(super) struct Shelf {
    pub(super) name: &'static str,
    /// Name of one item.
    pub(super) noun: &'static str,
    /// Usual price of one, in cents.
    pub(super) price: usize,
    pub(super) materials: &'static [&'static str],
    /// Differences of a product's variants, if it has some.
    pub(super) variety: Option<Variety>,
}

/// Options of variants.
#[derive(Debug, Clone, Copy)]
pub(super) struct Variety {
    pub(super) attribute: &'static str,
    pub(super) values: &'static [&'static str],
    /// Price increase of each option over the one before, in per cent of the first
    /// one's price.
    pub(super) dearer: usize,
}

const SIZES: Option<Variety> = Some(Variety { attribute: "size", values: &["S", "M", "L", "XL"], dearer: 0 });
const LENGTHS: Option<Variety> =
    Some(Variety { attribute: "size", values: &["20 cm", "26 cm", "32 cm"], dearer: 20 });
const SETS: Option<Variety> =
    Some(Variety { attribute: "size", values: &["Single", "Set of 4", "Set of 6"], dearer: 180 });
const SHADES: Option<Variety> =
    Some(Variety { attribute: "color", values: &["Chalk", "Moss", "Ink", "Rust"], dearer: 0 });

const CLAYS: &[&str] = &["porcelain", "stoneware", "earthenware"];
const METALS: &[&str] = &["steel", "copper", "brass"];
const WOODS: &[&str] = &["oak", "ash", "walnut"];
const CLOTHS: &[&str] = &["linen", "cotton", "wool"];
const HIDES: &[&str] = &["leather", "suede", "canvas"];
const REEDS: &[&str] = &["willow", "rattan", "bamboo"];
const PAPERS: &[&str] = &["paper", "recycled", "cloth-bound"];

/// The fifth level, below the first material of each shelf.
pub(super) const STYLES: [&str; 2] = ["Classic", "Modern"];

pub(super) const SERIES: [&str; 11] =
    ["Alba", "Borea", "Corvo", "Delta", "Elba", "Fjord", "Garda", "Hela", "Isar", "Juno", "Kilda"];

pub(super) const COLORS: [&str; 5] = ["White", "Sand", "Slate", "Green", "Blue"];

pub(super) const COUNTRIES: [&str; 7] =
    ["Portugal", "Poland", "Scotland", "Japan", "Denmark", "Italy", "Czechia"];

pub(super) const ADJECTIVES: [&str; 6] = ["sturdy", "light", "hand-finished", "plain", "long-lived", "quiet"];

pub(super) const CARE: [&str; 4] = [
    "Repaired by its maker for ten years.",
    "Comes without plastic.",
    "It gets better with use.",
    "Made in small numbers.",
];

const fn shelf(
    name: &'static str,
    noun: &'static str,
    price: usize,
    materials: &'static [&'static str],
    variety: Option<Variety>,
) -> Shelf {
    Shelf { name, noun, price, materials, variety }
}

pub(super) const DEPARTMENTS: [Department; 6] = [
    Department {
        name: "Kitchen",
        brands: &["Nordvik", "Casa Lima", "Tarn", "Oma", "Hearth", "Miru", "Solve"],
        sections: &[
            Section {
                name: "Tea and coffee",
                shelves: &[
                    shelf("Teapots", "teapot", 3_900, CLAYS, None),
                    shelf("Cups", "cup", 1_200, CLAYS, SETS),
                    shelf("Coffee pots", "coffee pot", 4_500, METALS, None),
                ],
            },
            Section {
                name: "Cooking",
                shelves: &[
                    shelf("Pans", "pan", 6_900, METALS, LENGTHS),
                    shelf("Pots", "pot", 8_900, METALS, LENGTHS),
                    shelf("Baking dishes", "baking dish", 3_400, CLAYS, LENGTHS),
                ],
            },
            Section {
                name: "Table",
                shelves: &[
                    shelf("Plates", "plate", 1_600, CLAYS, SETS),
                    shelf("Bowls", "bowl", 1_400, CLAYS, SETS),
                    shelf("Napkins", "napkin", 900, CLOTHS, SETS),
                ],
            },
            Section {
                name: "Preparing",
                shelves: &[
                    shelf("Knives", "knife", 7_900, METALS, LENGTHS),
                    shelf("Boards", "board", 3_200, WOODS, LENGTHS),
                    shelf("Aprons", "apron", 3_600, CLOTHS, SHADES),
                ],
            },
        ],
    },
    Department {
        name: "Living",
        brands: &["Lindqvist", "Harbour", "Faro", "Studio Ende", "Keld", "Moor", "Passage"],
        sections: &[
            Section {
                name: "Seating",
                shelves: &[
                    shelf("Chairs", "chair", 18_900, WOODS, SHADES),
                    shelf("Armchairs", "armchair", 54_900, WOODS, SHADES),
                    shelf("Stools", "stool", 9_900, WOODS, None),
                ],
            },
            Section {
                name: "Storage",
                shelves: &[
                    shelf("Bookcases", "bookcase", 32_900, WOODS, None),
                    shelf("Baskets", "basket", 2_900, REEDS, LENGTHS),
                    shelf("Hooks", "hook", 1_100, METALS, SETS),
                ],
            },
            Section {
                name: "Light",
                shelves: &[
                    shelf("Table lamps", "table lamp", 8_900, METALS, SHADES),
                    shelf("Floor lamps", "floor lamp", 17_900, WOODS, None),
                    shelf("Candlesticks", "candlestick", 2_400, METALS, SETS),
                ],
            },
            Section {
                name: "Textiles",
                shelves: &[
                    shelf("Blankets", "blanket", 9_400, CLOTHS, SHADES),
                    shelf("Cushions", "cushion", 3_900, CLOTHS, SHADES),
                    shelf("Curtains", "curtain", 7_900, CLOTHS, SHADES),
                ],
            },
        ],
    },
    Department {
        name: "Clothing",
        brands: &["Tidewater", "Almond and Ash", "Rowan", "Petra", "Uist", "Serra", "Loom"],
        sections: &[
            Section {
                name: "Tops",
                shelves: &[
                    shelf("Shirts", "shirt", 6_900, CLOTHS, SIZES),
                    shelf("Jumpers", "jumper", 9_900, CLOTHS, SIZES),
                    shelf("Waistcoats", "waistcoat", 8_400, CLOTHS, SIZES),
                ],
            },
            Section {
                name: "Outerwear",
                shelves: &[
                    shelf("Coats", "coat", 24_900, CLOTHS, SIZES),
                    shelf("Jackets", "jacket", 17_900, HIDES, SIZES),
                    shelf("Scarves", "scarf", 4_400, CLOTHS, SHADES),
                ],
            },
            Section {
                name: "Feet",
                shelves: &[
                    shelf("Boots", "boot", 18_900, HIDES, SIZES),
                    shelf("Slippers", "slipper", 4_900, HIDES, SIZES),
                    shelf("Socks", "sock", 1_300, CLOTHS, SIZES),
                ],
            },
            Section {
                name: "Bags",
                shelves: &[
                    shelf("Backpacks", "backpack", 12_900, HIDES, SHADES),
                    shelf("Satchels", "satchel", 14_900, HIDES, SHADES),
                    shelf("Purses", "purse", 4_900, HIDES, SHADES),
                ],
            },
        ],
    },
    Department {
        name: "Garden",
        brands: &["Greenlea", "Hortus", "Spade and Sons", "Prado", "Vesna", "Thicket", "Hagi"],
        sections: &[
            Section {
                name: "Growing",
                shelves: &[
                    shelf("Planters", "planter", 3_900, CLAYS, LENGTHS),
                    shelf("Trellises", "trellis", 4_900, REEDS, LENGTHS),
                    shelf("Watering cans", "watering can", 4_200, METALS, SHADES),
                ],
            },
            Section {
                name: "Digging",
                shelves: &[
                    shelf("Spades", "spade", 6_400, WOODS, None),
                    shelf("Trowels", "trowel", 2_200, METALS, None),
                    shelf("Rakes", "rake", 3_800, REEDS, None),
                ],
            },
            Section {
                name: "Resting",
                shelves: &[
                    shelf("Benches", "bench", 29_900, WOODS, None),
                    shelf("Hammocks", "hammock", 11_900, CLOTHS, SHADES),
                    shelf("Parasols", "parasol", 13_900, CLOTHS, SHADES),
                ],
            },
            Section {
                name: "Guests",
                shelves: &[
                    shelf("Bird houses", "bird house", 2_700, WOODS, None),
                    shelf("Bee hotels", "bee hotel", 3_300, REEDS, None),
                    shelf("Bird baths", "bird bath", 7_900, CLAYS, None),
                ],
            },
        ],
    },
    Department {
        name: "Workshop",
        brands: &["Anvil", "Kestrel", "True North", "Brunel", "Hando", "Castor", "Plumb"],
        sections: &[
            Section {
                name: "Hand tools",
                shelves: &[
                    shelf("Hammers", "hammer", 2_900, METALS, None),
                    shelf("Chisels", "chisel", 2_600, METALS, LENGTHS),
                    shelf("Planes", "plane", 11_900, WOODS, None),
                ],
            },
            Section {
                name: "Measuring",
                shelves: &[
                    shelf("Rulers", "ruler", 900, METALS, LENGTHS),
                    shelf("Squares", "square", 2_400, METALS, LENGTHS),
                    shelf("Levels", "level", 3_900, WOODS, LENGTHS),
                ],
            },
            Section {
                name: "Keeping",
                shelves: &[
                    shelf("Tool boxes", "tool box", 7_400, METALS, None),
                    shelf("Tool rolls", "tool roll", 4_900, HIDES, None),
                    shelf("Workbenches", "workbench", 39_900, WOODS, None),
                ],
            },
            Section {
                name: "Wearing",
                shelves: &[
                    shelf("Work gloves", "glove", 2_200, HIDES, SIZES),
                    shelf("Overalls", "overall", 8_900, CLOTHS, SIZES),
                    shelf("Tool belts", "tool belt", 5_900, HIDES, SIZES),
                ],
            },
        ],
    },
    Department {
        name: "Study",
        brands: &["Foolscap", "Inkwell", "Meridian", "Paper Mill", "Octavo", "Serif", "Blot"],
        sections: &[
            Section {
                name: "Writing",
                shelves: &[
                    shelf("Pens", "pen", 3_400, METALS, SHADES),
                    shelf("Notebooks", "notebook", 1_400, PAPERS, SHADES),
                    shelf("Envelopes", "envelope", 300, PAPERS, SETS),
                ],
            },
            Section {
                name: "Desk",
                shelves: &[
                    shelf("Desks", "desk", 44_900, WOODS, None),
                    shelf("Desk trays", "desk tray", 3_400, WOODS, SETS),
                    shelf("Paperweights", "paperweight", 2_800, METALS, None),
                ],
            },
            Section {
                name: "Play",
                shelves: &[
                    shelf("Puzzles", "puzzle", 2_400, WOODS, None),
                    shelf("Chess sets", "chess set", 6_900, WOODS, None),
                    shelf("Kites", "kite", 3_200, PAPERS, SHADES),
                ],
            },
            Section {
                name: "Music",
                shelves: &[
                    shelf("Flutes", "flute", 7_900, WOODS, None),
                    shelf("Bells", "bell", 2_900, METALS, LENGTHS),
                    shelf("Music stands", "music stand", 5_400, WOODS, None),
                ],
            },
        ],
    },
];
