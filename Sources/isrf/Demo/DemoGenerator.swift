internal import ISRFKit

/// Draws the demonstration shop from a seed: products, customers in planted taste groups, and what they bought.
///
/// Everything is drawn with whole numbers, so the result is the same on every machine. What it draws, and how likely,
/// is said in `Documentation/Demo.md`.
struct DemoGenerator {
    /// What was drawn.
    struct Result: Sendable {
        var items: [Item]
        /// In time order over all users.
        var interactions: [Interaction]
        /// The name of each user's planted group, by user identifier.
        var plantedGroups: [String: String]
    }

    /// The seed of the files in the repository.
    static let committedSeed: UInt64 = 2024

    private struct Product {
        let id: String
        let type: Int
        let variant: DemoProductType.Variant
        let brand: Int
        let popularity: Int
        let item: Item
    }

    private var random: SeededRandom
    private var products: [Product] = []
    private var productsOfType: [String: [Int]] = [:]
    private var companions: [[Int]] = []

    init(seed: UInt64) {
        random = SeededRandom(seed: seed)
    }

    /// Draws everything.
    static func generate(seed: UInt64 = committedSeed) -> Result {
        var generator = DemoGenerator(seed: seed)
        return generator.generate()
    }

    private mutating func generate() -> Result {
        drawProducts()
        drawCompanions()
        var result = Result(items: products.map(\.item), interactions: [], plantedGroups: [:])
        let customers = DemoTaste.all.indices
            .flatMap { Array(repeating: $0, count: DemoTaste.all[$0].users) }.shuffled(using: &random)
        let numbers = Array(10_000..<100_000).shuffled(using: &random)
        for (group, number) in zip(customers, numbers) {
            let user = "U\(number)"
            result.plantedGroups[user] = DemoTaste.all[group].name
            // A purchase every month or so, in a shop that has been open for three years.
            var time = 1_577_836_800 + random.index(below: 3 * 365 * 86_400)
            for product in drawHistory(DemoTaste.all[group]) {
                result.interactions.append(
                    Interaction(user: user, item: products[product].id, timestamp: Double(time)))
                time += 3_600 + random.index(below: 60 * 86_400)
            }
        }
        result.interactions.sort { ($0.timestamp ?? 0, $0.user) < ($1.timestamp ?? 0, $1.user) }
        return result
    }

    /// Two products for every variant, of different brands, in an order that says nothing.
    private mutating func drawProducts() {
        var drawn: [(type: Int, variant: DemoProductType.Variant, brand: Int)] = []
        for (number, type) in DemoAssortment.types.enumerated() {
            for variant in type.variants {
                var weights = DemoAssortment.brands.map { $0.builds.contains(variant.build) ? 8 : 1 }
                for _ in 0..<2 {
                    let brand = drawIndex(weights)
                    weights[brand] = 0
                    drawn.append((number, variant, brand))
                }
            }
        }
        drawn.shuffle(using: &random)
        let ranks = Array(drawn.indices).shuffled(using: &random)
        let numbers = Array(1_000..<10_000).shuffled(using: &random)
        var models: [Int: [String]] = [:]
        for (place, entry) in drawn.enumerated() {
            if models[entry.type] == nil { models[entry.type] = DemoAssortment.models.shuffled(using: &random) }
            let model = models[entry.type]?.popLast() ?? ""
            let id = "P\(numbers[place])"
            productsOfType[DemoAssortment.types[entry.type].noun, default: []].append(place)
            products.append(
                Product(
                    id: id, type: entry.type, variant: entry.variant, brand: entry.brand,
                    popularity: 100_000 / (ranks[place] + 20), item: item(id, entry, model)))
        }
    }

    private mutating func item(
        _ id: String, _ entry: (type: Int, variant: DemoProductType.Variant, brand: Int), _ model: String
    ) -> Item {
        let type = DemoAssortment.types[entry.type]
        let variant = entry.variant
        let brand = DemoAssortment.brands[entry.brand].name
        var attributes = [
            "material": [variant.material], "build": [variant.build.rawValue], "season": [variant.season.rawValue],
            "price": [priceBand(variant.price)],
        ]
        if !DemoAssortment.undyed.contains(variant.material) {
            attributes["colour"] = [DemoAssortment.colours[random.index(below: DemoAssortment.colours.count)]]
        }
        return Item(
            id: id, title: "\(brand) \(model) \(variant.material) \(type.noun)", brand: brand,
            description: "\(type.purpose) \(variant.remark)", categories: [type.path], attributes: attributes)
    }

    private func priceBand(_ price: Int) -> String {
        switch price {
        case ..<25: "under 25"
        case ..<75: "25 to 75"
        case ..<150: "75 to 150"
        default: "over 150"
        }
    }

    /// Three products of other kinds that go with each product: of its brand or of its material.
    private mutating func drawCompanions() {
        companions = products.map { product in
            var weights = products.map { other in
                guard other.type != product.type else { return 0 }
                return (other.brand == product.brand ? 1 : 0)
                    + (other.variant.material == product.variant.material ? 2 : 0)
            }
            return (0..<3).map { _ in
                let companion = drawIndex(weights)
                weights[companion] = 0
                return companion
            }
        }
    }

    /// The products that one customer of a group buys, oldest first, none twice.
    private mutating func drawHistory(_ taste: DemoTaste) -> [Int] {
        let favourites = Set([drawBrand(), drawBrand()])
        let colour = DemoAssortment.colours[random.index(below: DemoAssortment.colours.count)]
        let weights = products.map { product in
            var weight = product.popularity * taste.affinity(for: product.variant)
            if favourites.contains(product.brand) { weight *= 3 }
            if product.item.attributes["colour"] == [colour] { weight *= 2 }
            return weight
        }
        var length = 8
        while length < 24, random.index(below: 100) < 88 { length += 1 }
        var stage = random.index(below: 3)
        var bought: [Int] = []
        while bought.count < length {
            var allowed = weights
            switch random.index(below: 100) {
            case ..<10:  // Somebody else's taste: a present, or a passing fancy.
                allowed = products.map(\.popularity)
            case ..<25:  // What goes with the last purchase.
                guard let last = bought.last else { continue }
                allowed = [Int](repeating: 0, count: products.count)
                for companion in companions[last] { allowed[companion] = weights[companion] }
            case ..<35:  // To one's taste, out of turn.
                break
            default:
                let step = random.index(below: 100)
                stage += step < 20 ? 0 : step < 80 ? 1 : 2
                let kinds = Set(taste.order[stage % taste.order.count])
                let owned = Set(bought.map { products[$0].type })
                for (index, product) in products.enumerated() {
                    let wanted =
                        kinds.contains(DemoAssortment.types[product.type].noun) && !owned.contains(product.type)
                    if !wanted { allowed[index] = 0 }
                }
            }
            for product in bought { allowed[product] = 0 }
            if allowed.contains(where: { $0 > 0 }) { bought.append(drawIndex(allowed)) }
        }
        return bought
    }

    private mutating func drawBrand() -> Int { random.index(below: DemoAssortment.brands.count) }

    /// An index, as likely as its weight; at least one weight is above 0.
    private mutating func drawIndex(_ weights: [Int]) -> Int {
        var remaining = random.index(below: weights.reduce(0, +))
        for (index, weight) in weights.enumerated() {
            if remaining < weight { return index }
            remaining -= weight
        }
        preconditionFailure("the weights add up to what was drawn from")
    }
}
