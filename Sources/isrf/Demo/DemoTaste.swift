/// What one planted group of users is after, and in which order its members buy.
///
/// A taste multiplies how likely a product is: 100 leaves it as it is, 400 makes it four times as likely.
struct DemoTaste: Sendable {
    typealias Build = DemoProductType.Build
    typealias Season = DemoProductType.Season

    let name: String
    let users: Int
    let builds: [Build: Int]
    let seasons: [Season: Int]
    let materials: [String: Int]
    /// The taste for products at most as expensive as `thriftLimit`.
    let thrift: Int
    /// What is bought first, then next, and so on: kinds of products by their nouns.
    let order: [[String]]

    static let thriftLimit = 60

    /// The product of the multipliers for a variant, 100 for no preference at all.
    func affinity(for variant: DemoProductType.Variant) -> Int {
        var affinity = 100
        for factor in [
            builds[variant.build] ?? 100, seasons[variant.season] ?? 100, materials[variant.material] ?? 100,
            variant.price <= DemoTaste.thriftLimit ? thrift : 100,
        ] {
            affinity = max(1, affinity * factor / 100)
        }
        return affinity
    }

    static let all: [DemoTaste] = [
        DemoTaste(
            name: "long-distance walkers", users: 140,
            builds: [.ultralight: 800, .light: 250, .standard: 50, .sturdy: 25],
            seasons: [.threeSeason: 300, .summer: 60, .winter: 40], materials: ["titanium": 150, "down": 150],
            thrift: 100,
            order: [
                ["backpack", "trail shoes"], ["tent", "tarp"], ["sleeping bag", "sleeping mat"],
                ["stove", "pot", "cutlery"], ["water filter", "water bottle"], ["rain jacket", "insulated jacket"],
                ["walking poles", "headlamp"], ["dry bag", "pouch"], ["socks", "base layer", "trousers"],
                ["repair kit", "pillow", "mug"],
            ]),
        DemoTaste(
            name: "family campers", users: 180, builds: [.standard: 600, .light: 80, .sturdy: 40, .ultralight: 20],
            seasons: [.summer: 400, .winter: 30],
            materials: ["polyester": 150, "polypropylene": 150, "cotton": 150], thrift: 150,
            order: [
                ["tent"], ["sleeping bag", "sleeping mat"], ["chair", "table"], ["stove", "pot"],
                ["cool box", "lantern"], ["mug", "cutlery"], ["tarp", "blanket", "pillow"],
                ["water filter", "water bottle"], ["sandals", "hat", "shorts"], ["pouch", "headlamp"],
            ]),
        DemoTaste(
            name: "woodcrafters", users: 120, builds: [.sturdy: 200, .ultralight: 25, .light: 60],
            seasons: [.all: 200, .summer: 50],
            materials: [
                "carbon steel": 400, "leather": 400, "wool": 400, "cotton canvas": 500, "waxed cotton": 500,
                "birch wood": 400, "ash wood": 400, "cast iron": 300, "sheepskin": 300, "beeswax": 400, "jute": 300,
                "silnylon": 25, "polyester": 40, "thermoplastic": 40,
            ], thrift: 100,
            order: [
                ["knife"], ["sharpener", "axe", "saw"], ["tarp", "rope"], ["blanket", "sleeping mat"],
                ["pot", "mug", "stove"], ["backpack", "pouch"], ["rain jacket", "boots"],
                ["gloves", "hat", "trousers"],
                ["care product", "repair kit"], ["lantern", "chair", "tent"],
            ]),
        DemoTaste(
            name: "winter tourers", users: 120, builds: [.light: 130, .ultralight: 60],
            seasons: [.winter: 1200, .all: 120, .summer: 20],
            materials: ["merino wool": 200, "down": 200], thrift: 80,
            order: [
                ["base layer", "socks"], ["trousers", "gloves"], ["boots", "gaiters"],
                ["rain jacket", "insulated jacket"], ["walking poles", "headlamp"], ["axe", "rope", "saw"],
                ["vacuum flask", "hat"], ["tent", "backpack"], ["sleeping bag", "sleeping mat"],
                ["stove", "care product"],
            ]),
        DemoTaste(
            name: "trail runners", users: 120, builds: [.ultralight: 300, .light: 250, .standard: 40, .sturdy: 20],
            seasons: [.summer: 500, .winter: 40], materials: ["mesh": 300, "thermoplastic": 200, "neoprene": 150],
            thrift: 100,
            order: [
                ["trail shoes"], ["socks", "shorts"], ["daypack", "water bottle"], ["hat", "base layer"],
                ["headlamp", "pouch"], ["trail shoes", "gaiters"], ["rain jacket", "walking poles"],
                ["water filter", "sandals"],
            ]),
        DemoTaste(
            name: "paddlers", users: 90, builds: [.sturdy: 250, .ultralight: 40], seasons: [.winter: 50],
            materials: [
                "coated polyester": 600, "neoprene": 600, "thermoplastic": 500, "closed-cell foam": 300, "rubber": 400,
                "polypropylene": 150, "polyethylene": 300, "wool": 40, "leather": 40,
            ], thrift: 100,
            order: [
                ["buoyancy aid", "paddle"], ["dry bag"], ["trousers", "gloves"], ["socks", "sandals", "boots"],
                ["rain jacket", "map case"], ["rope", "knife"], ["tarp", "cool box"], ["repair kit", "care product"],
                ["lantern", "stove", "tent"],
            ]),
        DemoTaste(
            name: "day walkers", users: 130, builds: [.standard: 350, .light: 150, .ultralight: 40, .sturdy: 60],
            seasons: [.summer: 150, .winter: 60], materials: ["polyester": 200], thrift: 300,
            order: [
                ["boots"], ["daypack"], ["rain jacket", "trousers"], ["walking poles", "map case"],
                ["water bottle", "vacuum flask"], ["socks", "hat"], ["insulated jacket", "gloves"],
                ["knife", "headlamp"], ["care product", "gaiters"], ["sandals", "pouch"],
            ]),
    ]
}
