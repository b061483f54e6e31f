public import ISRFData

/// The text that stands for an item when it is encoded.
public enum ItemDocument {
    /// What separates the levels of a category path.
    public static let pathSeparator = " > "

    /// What is said of an item without attributes that nobody took; it encodes as nothing.
    public static let unknownAudience = "Nothing is known yet about who would enjoy this item."

    /// An item's text, a line for each thing known: title, brand, category paths, further fields, description, and who
    /// would enjoy it according to its profile.
    ///
    /// The profile's positive side adds what training users who took the item like; its feature and its negative side
    /// name what the item is *not* for, which a bag of words would take for the opposite.
    ///
    /// Paths are written `Widest > Narrower > Narrowest`; `LatentSemanticEncoder` takes each level and each short line
    /// as one phrase. A text for an item of which nothing is known is empty.
    public static func text(for item: Item, profile: ItemProfile?) -> String {
        var lines: [String] = []
        func add(_ text: String?) {
            guard let text else { return }
            let line = text.split(whereSeparator: \.isNewline).joined(separator: " ")
            if line.contains(where: { !$0.isWhitespace }) { lines.append(line) }
        }
        add(item.title)
        add(item.brand)
        for path in item.categories { add(path.joined(separator: pathSeparator)) }
        for (_, values) in item.attributes.sorted(by: { $0.key < $1.key }) {
            for value in values { add(value) }
        }
        add(item.description)
        if let audience = profile?.positive.summary, audience != unknownAudience { add(audience) }
        return lines.joined(separator: "\n")
    }
}

/// The text that stands for a user when it is encoded.
public enum UserDocument {
    /// The preference of a user without training items; it encodes as nothing.
    public static let unknownPreference = "No preference is known yet."

    /// A user's text: the likes. The preference names what the user passes over as well, which a bag of words would take
    /// for the opposite. A text for a user without training items is empty.
    public static func text(for profile: UserProfile) -> String {
        profile.preference.summary == unknownPreference ? "" : profile.likes.summary
    }
}
