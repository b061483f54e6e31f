/// The forms in which interactions can be read.
public enum InteractionFileFormat: String, CaseIterable, Sendable {
    /// One user on each line, then the user's items, oldest first, separated by white space.
    case sequences
    /// Comma-separated values with a header line (RFC 4180).
    case csv
    /// Tab-separated values with a header line.
    case tsv
    /// A RecBole `.inter` file: tab-separated, with a type for every column in the header.
    case recbole
    /// Amazon reviews, one JSON object on each line.
    case amazon
    /// MovieLens `ratings.dat` or `ratings.csv`.
    case movielens
}
