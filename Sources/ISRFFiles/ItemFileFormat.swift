/// The forms in which a catalogue's items can be read.
public enum ItemFileFormat: String, CaseIterable, Sendable {
    /// One JSON object on each line.
    case jsonLines = "jsonl"
    /// Comma-separated values with a header line (RFC 4180).
    case csv
    /// Tab-separated values with a header line.
    case tsv
    /// A RecBole `.item` file: tab-separated, with a type for every column in the header.
    case recbole
    /// Amazon product metadata of 2014 (JSON or Python dictionaries) or 2018 (JSON), one product on each line.
    case amazon
    /// MovieLens `movies.dat` or `movies.csv`.
    case movielens
}
