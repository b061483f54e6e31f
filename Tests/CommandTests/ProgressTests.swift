@testable internal import isrf
internal import Foundation
internal import ISRFKit
internal import Synchronization
internal import Testing

@Suite struct ProgressTests {
    private static func report(_ completed: Int, of total: Int = 200, _ activity: String = "Reasoning")
        -> ProgressReport
    {
        ProgressReport(activity: activity, completed: completed, total: total, unit: "items", detail: "loss 1.250")
    }

    /// Collects what a display shows.
    private final class Shown: Sendable {
        let lines = Mutex<[String]>([])
        let drawn = Mutex<[String]>([])

        func display(isInteractive: Bool, interval: Duration? = nil) -> ProgressDisplay {
            ProgressDisplay(
                terminal: Terminal(isInteractive: isInteractive, usesColour: false), interval: interval,
                write: { line in self.lines.withLock { $0.append(line) } },
                draw: { line in self.drawn.withLock { $0.append(line) } })
        }
    }

    @Test func theBarFitsEveryWidth() {
        let line = ProgressLine(report: ProgressTests.report(50), elapsed: 5, rate: 10)
        for width in 1...150 {
            let text = line.bar(width: width, usesColour: false)
            #expect(text.count <= width, "\(width): \(text)")
            #expect(ProgressLine.visibleWidth(of: line.bar(width: width, usesColour: true)) == text.count)
        }
    }

    @Test func theBarSaysHowFarHowFastAndHowLong() {
        let line = ProgressLine(report: ProgressTests.report(50), elapsed: 5, rate: 10)
        let text = line.bar(width: 120, usesColour: false)
        for part in ["Reasoning", " 25%", "50/200", "10 items/s", "15 s left", "loss 1.250"] {
            #expect(text.contains(part), "\(part) in \(text)")
        }
        #expect(!text.contains("\u{1B}"))
        #expect(line.bar(width: 120, usesColour: true).contains("\u{1B}["))
        #expect(line.bar(width: 24, usesColour: false) == "Reasoning   25%")
    }

    @Test func plainLinesComeAtIntervalsAndAtTheEnd() {
        let patient = Shown()
        let display = patient.display(isInteractive: false, interval: .seconds(3600))
        for completed in 1...200 { display.handler(ProgressTests.report(completed)) }
        #expect(patient.lines.withLock { $0 }.count == 1)
        #expect(patient.lines.withLock { $0 }.first?.hasPrefix("Reasoning: 200 items in ") == true)

        let eager = Shown()
        let every = eager.display(isInteractive: false, interval: .zero)
        for completed in 0...3 { every.handler(ProgressTests.report(completed, of: 3)) }
        let lines = eager.lines.withLock { $0 }
        #expect(lines.count == 4)
        #expect(lines[1].hasPrefix("Reasoning: 1 of 3 items (33%), "), "\(lines)")
        #expect(eager.drawn.withLock { $0 }.isEmpty)
    }

    @Test func anActivityThatGivesWayLeavesItsLine() {
        let shown = Shown()
        let display = shown.display(isInteractive: true, interval: .zero)
        display.handler(ProgressTests.report(3, of: 9, "First"))
        display.handler(ProgressTests.report(2, of: 2, "Second"))
        display.handler(ProgressTests.report(1, of: 2, "Second"))
        #expect(
            shown.lines.withLock { $0 }.map { String($0.prefix(18)) }
                == ["First: 3 of 9 items", "Second: 2 items in"].map { String($0.prefix(18)) })
        #expect(shown.drawn.withLock { $0 }.last?.contains("1/2") == true)
    }

    @Test(arguments: [
        (0.04, "0.0 s"), (3.21, "3.2 s"), (41.4, "41 s"), (185, "3 min 05 s"), (3599.7, "1 h 00 min"),
        (7384, "2 h 03 min"),
    ])
    func durationsAreReadable(_ seconds: Double, _ text: String) {
        #expect(Wording.duration(seconds) == text)
    }

    @Test func countsAreReadable() {
        #expect(
            [0, 999, 1000, 12101, 1_234_567, -1234].map(Wording.count) == [
                "0", "999", "1,000", "12,101", "1,234,567", "-1,234",
            ])
        #expect(Wording.count(1, "item") == "1 item")
        #expect(Wording.count(2, "item") == "2 items")
    }

    @Test func identifiersAreDividedAtCommas() {
        func list(_ text: String) -> [String] { IdentifierList(argument: text).identifiers }
        #expect(list("a,b c,\u{5BA2}") == ["a", "b c", "\u{5BA2}"])
        #expect(list("a\\,b,c\\\\,d\\e") == ["a,b", "c\\", "d\\e"])
        #expect(list("").isEmpty)
    }

    /// On a terminal of its own, the command draws over its line and keeps standard output for results.
    @Test(arguments: [true, false])
    func drawsOnATerminal(_ withoutColour: Bool) async throws {
        let shop = try ShopFiles()
        var (terminal, other): (Int32, Int32) = (-1, -1)
        try #require(openpty(&terminal, &other, nil, nil, nil) == 0)
        let master = terminal
        let reading = Task.detached {
            defer { close(master) }
            var data: [UInt8] = []
            var block = [UInt8](repeating: 0, count: 4096)
            // Reading fails once the command and this process have closed the other end.
            while true {
                let count = read(master, &block, block.count)
                guard count > 0 else { break }
                data += block.prefix(count)
            }
            return String(decoding: data, as: UTF8.self)
        }
        let command = try CommandProcess(
            ["evaluate"] + shop.options + ["--format", "json"],
            environment: ["NO_COLOR": withoutColour ? "1" : "", "TERM": "xterm"],
            errors: FileHandle(fileDescriptor: other, closeOnDealloc: false))
        close(other)
        let result = try await command.result()
        #expect(result.status == 0)
        _ = try result.json()
        let text = await reading.value
        #expect(text.contains("Evaluating isrf on test: 30 users in "))
        #expect(!withoutColour || !text.contains("\u{1B}"))
    }
}
