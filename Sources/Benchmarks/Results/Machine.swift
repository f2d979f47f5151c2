internal import Foundation
public import LinearAlgebra

/// The machine that figures are from, as far as they depend on it.
public struct Machine: Sendable, Hashable {
    /// The CPU's name.
    public let cpu: String
    /// The kernels in use.
    public let kernel: CPUKernel
    /// The threads that worked.
    public let threads: Int
    /// The mean number of runnable threads of all programs over the last minute, before the run; above `threads` others were at work.
    public let loadBefore: Double?
    /// The same after the run, which its own threads are part of.
    public let loadAfter: Double?

    /// Makes a description.
    public init(cpu: String, kernel: CPUKernel, threads: Int, loadBefore: Double?, loadAfter: Double?) {
        self.cpu = cpu
        self.kernel = kernel
        self.threads = threads
        self.loadBefore = loadBefore
        self.loadAfter = loadAfter
    }

    /// The machine that this process runs on.
    static func current(threads: Int, loadBefore: Double?) -> Machine {
        let lines = ((try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? "").split(separator: "\n")
        let name = lines.first { $0.hasPrefix("model name") }?.split(separator: ":").last
        return Machine(
            cpu: name.map { $0.trimmingCharacters(in: .whitespaces) } ?? "unknown CPU", kernel: .current,
            threads: threads, loadBefore: loadBefore, loadAfter: load())
    }

    /// The load of the last minute.
    static func load() -> Double? {
        (try? String(contentsOfFile: "/proc/loadavg", encoding: .utf8))?.split(separator: " ").first
            .flatMap { Double($0) }
    }
}
