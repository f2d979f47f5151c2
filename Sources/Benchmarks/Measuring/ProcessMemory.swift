internal import Dataflow
internal import Foundation

/// The memory that this process takes, as Linux counts it.
enum ProcessMemory {
    /// The bytes by which resident memory rises at most while some work is done.
    ///
    /// Throws if the system does not tell.
    static func rise(during work: () throws -> Void) throws -> Int {
        // Else what earlier work gave back would be used again unseen.
        Allocator.returnFreeMemory()
        do {
            // Makes the present size the highest so far: proc(5), clear_refs.
            try Data("5".utf8).write(to: URL(filePath: "/proc/self/clear_refs"))
        } catch {
            throw BenchmarkError.notMeasurable(what: "peak memory", reason: "/proc/self/clear_refs: \(error)")
        }
        let before = try kibibytes("VmRSS")
        try work()
        return max(0, try kibibytes("VmHWM") - before) * 1024
    }

    private static func kibibytes(_ field: String) throws(BenchmarkError) -> Int {
        let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix(field + ":") }
        guard let number = line?.split(whereSeparator: { !$0.isNumber }).first, let value = Int(number) else {
            throw .notMeasurable(what: "memory", reason: "/proc/self/status has no \(field)")
        }
        return value
    }
}
