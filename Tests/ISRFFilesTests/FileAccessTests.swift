import Foundation
import ISRFCore
import ISRFData
import ISRFFiles
import Testing

@Suite("Files that cannot be read")
struct FileAccessTests {
    let scratch: Scratch

    init() throws {
        scratch = try Scratch()
    }

    @Test("A missing file and a directory are named", arguments: [true, false])
    func missing(directory: Bool) throws {
        let path = directory ? scratch.url.path : scratch.path("none.csv")
        let words = directory ? "a directory" : "no such file"
        let catalogue = try catalogue(["a"])
        for read: () throws -> Void in [
            { _ = try ItemFile(reading: path) }, { _ = try InteractionFile(reading: path, catalogue: catalogue) },
        ] {
            expectError(.fileAccess, words) { try read() }
            #expect { try read() } throws: { ($0 as? ISRFError)?.location?.file == path }
        }
    }

    // The superuser may read every file.
    @Test("A file that may not be read is named", .enabled(if: geteuid() != 0))
    func forbidden() throws {
        let path = try scratch.write("x.csv", "id\na\n".utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0], ofItemAtPath: path)
        expectError(.fileAccess, "cannot be opened") { _ = try ItemFile(reading: path) }
    }

    @Test("Names with spaces and any script are paths like others")
    func names() throws {
        #expect(try scratch.items("предметы и 日本.csv", "id\na\n").catalogue.count == 1)
    }

    @Test("A cancelled task stops reading")
    func cancellation() async throws {
        let path = try scratch.write("x.csv", "id\na\n".utf8)
        let task = Task {
            while !Task.isCancelled { await Task.yield() }
            _ = try ItemFile(reading: path)
        }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }
}
