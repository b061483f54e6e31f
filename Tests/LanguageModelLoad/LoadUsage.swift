internal import Foundation

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Darwin)
internal import Darwin
#endif

/// What this process has used.
struct LoadUsage {
    /// Seconds by the clock.
    var elapsed: Double
    /// Seconds of processor time.
    var processor: Double
    /// Bytes of memory now; 0 where the system does not tell.
    var resident: Int
    /// Bytes of memory at most.
    var peak: Int

    static var now: LoadUsage {
        var usage = rusage()
        #if canImport(Glibc)
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        let unit = 1024
        #else
        getrusage(RUSAGE_SELF, &usage)
        let unit = 1
        #endif
        func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1_000_000 }
        let pages = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8))?.split(separator: " ")
        let resident = pages.flatMap { $0.count > 1 ? Int($0[1]) : nil } ?? 0
        return LoadUsage(
            elapsed: ProcessInfo.processInfo.systemUptime,
            processor: seconds(usage.ru_utime) + seconds(usage.ru_stime), resident: resident * Int(getpagesize()),
            peak: Int(usage.ru_maxrss) * unit)
    }

    static func - (end: LoadUsage, start: LoadUsage) -> LoadUsage {
        LoadUsage(
            elapsed: end.elapsed - start.elapsed, processor: end.processor - start.processor, resident: end.resident,
            peak: end.peak)
    }
}
