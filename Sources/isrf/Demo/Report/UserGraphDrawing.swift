/// The user graph as it is laid out, with users in the colours of their groups.
struct UserGraphDrawing: Sendable {
    var title: String
    var layout: UserGraphLayout
    /// The number of each user's colour in the page's style.
    var colours: [Int]
    var legend: Legend

    private static let size = 420.0

    var markup: Markup {
        func place(_ user: Int) -> (x: Double, y: Double) {
            let place = layout.places[user]
            return (8 + place.x * (UserGraphDrawing.size - 16), 8 + place.y * (UserGraphDrawing.size - 16))
        }
        let path = layout.edges.map { edge in
            let (start, end) = (place(edge.first), place(edge.second))
            return
                "M\(Int(start.x.rounded())) \(Int(start.y.rounded()))L\(Int(end.x.rounded())) \(Int(end.y.rounded()))"
        }.joined()
        let users = colours.enumerated().map { user, colour -> Markup in
            let place = place(user)
            return "<circle class=\"f\(colour)\" cx=\"\(place.x)\" cy=\"\(place.y)\" r=\"3.5\"/>"
        }
        return """
            <figure><figcaption>\(title)</figcaption>\(legend.markup)\
            <svg viewBox="0 0 420 420" role="img" aria-label="\(title)"><path class="edges" d="\(path)"/>\
            <g class="users">\(users)</g></svg></figure>
            """
    }
}
