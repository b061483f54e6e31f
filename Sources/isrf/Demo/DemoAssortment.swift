/// What the demonstration shop sells: an outdoor shop of our own invention, as are its brands.
enum DemoAssortment {
    /// The brands, each with the builds that it mostly makes.
    static let brands: [(name: String, builds: Set<DemoProductType.Build>)] = [
        ("Halvorne", [.ultralight, .light]), ("Quillane", [.ultralight]), ("Lumenfell", [.light, .ultralight]),
        ("Tarnbeck", [.light, .standard]), ("Ostrevik", [.light, .sturdy]), ("Murrowdale", [.standard]),
        ("Wickerby", [.standard]), ("Pellmoor", [.standard, .light]), ("Sablecourt", [.standard, .sturdy]),
        ("Brindlefen", [.sturdy]), ("Oxholt", [.sturdy, .standard]), ("Corranside", [.sturdy, .light]),
    ]

    /// Model names; which product gets which is drawn.
    static let models = [
        "Lapwing", "Curlew", "Sandpiper", "Harrier", "Merlin", "Kestrel", "Osprey", "Plover", "Dunlin", "Siskin",
        "Linnet", "Wheatear", "Dipper", "Wagtail", "Ouzel", "Fieldfare", "Redwing", "Nuthatch", "Goldcrest", "Wren",
        "Alder", "Rowan", "Aspen", "Juniper", "Larch", "Hazel", "Bracken", "Sorrel", "Yarrow", "Tansy", "Heather",
        "Gorse", "Sedge", "Marram", "Bilberry", "Cloudberry", "Granite", "Basalt", "Gneiss", "Slate", "Flint",
        "Schist", "Corrie", "Tarn", "Beck", "Fell", "Moraine", "Cairn", "Scree", "Ridge", "Saddle", "Col", "Strand",
        "Skerry", "Firth", "Holm",
    ]

    /// Colours of what is dyed or painted.
    static let colours = ["moss", "slate", "orange", "red", "sand", "navy", "black", "yellow", "teal", "grey"]

    /// Materials that keep their own colour.
    static let undyed: Set<String> = [
        "titanium", "stainless steel", "carbon steel", "birch wood", "ash wood", "beeswax", "cast iron",
        "sheepskin", "enamelled steel",
    ]

    /// All kinds of products.
    static let types = shelter + sleep + kitchen + water + carrying + clothing + footwear + camp + tools
}
