/// The names under which tables and JSON objects give what an item has, compared as `TableHeader.key` says.
enum ItemColumns {
    static let identifier = ["id", "itemid", "item", "asin", "movieid", "productid"]
    static let title = ["title", "name", "movietitle", "moviename", "itemname"]
    static let brand = ["brand"]
    static let description = ["description"]
    static let categories = ["categories", "category", "genres", "genre"]

    /// The first of the keys that some name has, with that name's place: earlier keys are preferred.
    static func preferred(_ keys: [String], among names: [String]) -> Int? {
        let given = names.map(TableHeader.key)
        return keys.lazy.compactMap { given.firstIndex(of: $0) }.first
    }
}
