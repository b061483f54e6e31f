// Reads files; malformed lines are left out and named instead of ending the reading.

import Foundation
import ISRFFiles

let directory = FileManager.default.temporaryDirectory.appendingPathComponent("files-\(UUID().uuidString)")
try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
defer { try? FileManager.default.removeItem(at: directory) }
_ = FileManager.default.changeCurrentDirectoryPath(directory.path)
try Data(#"{"id": "7", "title": "Rose soap", "categories": ["Bath", "Soap"], "colour": "pink"}"#.utf8)
    .write(to: directory.appendingPathComponent("items.jsonl"))
try Data("user,item,timestamp\nana,7,1\nben,8,2\nben,7,3\n".utf8)
    .write(to: directory.appendingPathComponent("log.csv"))

let items = try ItemFile(reading: "items.jsonl")
let interactions = try InteractionFile(reading: "log.csv", catalogue: items.catalogue, skippingMalformed: true)
for error in interactions.skipped { print(error) }  // log.csv:3: field "item": The catalogue has no item ...

print("\(interactions.log.interactionCount) interactions of \(interactions.log.userCount) users were read.")
