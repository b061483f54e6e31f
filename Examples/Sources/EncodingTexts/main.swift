// Sentence vectors from a model on this machine, without a server: texts on standard input, a line each (a JSON string
// where a text has several lines), vectors on standard output, each a JSON array.

import Foundation
import ISRFKit

guard CommandLine.arguments.count > 1 else {
    print("usage: EncodingTexts FOLDER [THREADS]   with a model such as all-MiniLM-L6-v2 in FOLDER")
    exit(64)
}
let threads = CommandLine.arguments.count > 2 ? Int(CommandLine.arguments[2]) ?? 1 : 1
let input = String(decoding: FileHandle.standardInput.readDataToEndOfFile(), as: UTF8.self)
let texts = input.split(separator: "\n").map { line in
    line.hasPrefix("\"")
        ? (try? JSONDecoder().decode(String.self, from: Data(line.utf8))) ?? String(line) : String(line)
}

do {
    let encoder = try SentenceTransformerEncoder(
        path: CommandLine.arguments[1], parallelism: Parallelism(threads: threads))
    let start = ContinuousClock.now
    let vectors = try await encoder.encode(texts)
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    for row in 0..<vectors.rows { print("[" + vectors.row(row).map(\.description).joined(separator: ",") + "]") }
    let rate = Double(texts.count) / seconds
    FileHandle.standardError.write(Data("\(texts.count) texts in \(seconds) s, \(rate) texts a second\n".utf8))
} catch let error as ISRFError {
    FileHandle.standardError.write(Data("\(error)\n".utf8))
    exit(65)
}
