/// A kind of product of the demonstration shop, with the ways in which it is made.
struct DemoProductType: Sendable {
    /// How heavily a product is built.
    enum Build: String, Sendable, CaseIterable {
        case ultralight, light, standard, sturdy
    }

    /// When a product is used.
    enum Season: String, Sendable, CaseIterable {
        case summer
        case threeSeason = "three-season"
        case winter
        case all = "all year"
    }

    /// One way in which the product is made; several brands sell it under their own names.
    struct Variant: Sendable {
        let material: String
        let build: Build
        let season: Season
        /// The usual price in whole currency units.
        let price: Int
        /// What is said of it, as a sentence.
        let remark: String

        init(_ material: String, _ build: Build, _ season: Season, _ price: Int, _ remark: String) {
            self.material = material
            self.build = build
            self.season = season
            self.price = price
            self.remark = remark
        }
    }

    let noun: String
    let path: [String]
    /// What the product is for, as a sentence.
    let purpose: String
    let variants: [Variant]

    init(_ noun: String, _ path: [String], _ purpose: String, _ variants: [Variant]) {
        self.noun = noun
        self.path = path
        self.purpose = purpose
        self.variants = variants
    }
}
