/// Names beside their colours.
struct Legend: Sendable {
    /// The names and the numbers of their colours in the page's style.
    var entries: [(name: String, colour: Int)]

    var markup: Markup {
        guard entries.count > 1 else { return "" }
        let items = entries.map { entry -> Markup in
            "<li><span class=\"swatch b\(entry.colour)\"></span>\(entry.name)</li>"
        }
        return "<ul class=\"legend\">\(items)</ul>"
    }
}
