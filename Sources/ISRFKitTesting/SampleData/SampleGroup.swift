internal import Foundation
internal import ISRFCore
internal import ISRFData

/// What the items of one taste group are made of.
struct SampleGroup: Sendable {
    let name: String
    let brands: [String]
    let path: [String]
    let kinds: [String]
    let qualities: [String]

    func item(id: String, number: Int, using random: inout SeededRandom) -> Item {
        let kind = kinds[number % kinds.count]
        let first = random.index(below: qualities.count)
        let second = (first + 1 + random.index(below: qualities.count - 1)) % qualities.count
        return Item(
            id: id, title: "\(qualities[first].capitalized) \(kind)", brand: brands[random.index(below: brands.count)],
            description: "A \(kind) for \(name): \(qualities[first]) and \(qualities[second]).",
            categories: [path + [kind]], attributes: ["quality": [qualities[second]]])
    }

    static let all = [
        SampleGroup(
            name: "trail running", brands: ["Northridge", "Fellwind"], path: ["Sport", "Running"],
            kinds: ["shoe", "vest", "headlamp", "gaiter"],
            qualities: ["waterproof", "breathable", "lightweight", "reflective", "grippy"]),
        SampleGroup(
            name: "home baking", brands: ["Crumbworks", "Ovenbird"], path: ["Kitchen", "Baking"],
            kinds: ["tin", "whisk", "proofing basket", "dough scraper"],
            qualities: ["non-stick", "stainless", "wooden", "heatproof", "dishwasher-safe"]),
        SampleGroup(
            name: "watercolour painting", brands: ["Lasur", "Palette & Sons"], path: ["Art", "Watercolour"],
            kinds: ["brush", "pigment set", "paper block", "masking fluid"],
            qualities: ["lightfast", "cold-pressed", "granulating", "sable", "acid-free"]),
        SampleGroup(
            name: "balcony gardening", brands: ["Greenledge", "Potting Shed"], path: ["Garden", "Balcony"],
            kinds: ["planter", "seed mix", "trowel", "watering can"],
            qualities: ["self-watering", "organic", "frost-hardy", "compact", "perennial"]),
        SampleGroup(
            name: "vinyl records", brands: ["Groovehouse", "Needledrop"], path: ["Music", "Vinyl"],
            kinds: ["turntable mat", "stylus", "record sleeve", "crate"],
            qualities: ["antistatic", "audiophile", "archival", "felt", "stackable"]),
        SampleGroup(
            name: "fly fishing", brands: ["Riverbend", "Mayfly & Co"], path: ["Outdoor", "Fishing"],
            kinds: ["rod", "reel", "wading boot", "fly box"],
            qualities: ["carbon", "corrosion-proof", "felt-soled", "floating", "balanced"]),
    ]
}
