import Foundation

/// The memory and processor time of the process, as the kernel reports them.
struct ProcessUsage: Sendable, Hashable {
    /// Resident memory, in bytes.
    let residentBytes: Int
    /// Processor time, user and system, in seconds.
    let processorSeconds: Double

    /// The usage now; zeros if the kernel does not report it.
    static var now: ProcessUsage {
        let pages = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8))?
            .split(separator: " ").dropFirst().first.flatMap { Int($0) }
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return ProcessUsage(
            residentBytes: (pages ?? 0) * sysconf(Int32(_SC_PAGESIZE)),
            processorSeconds: Double(time.tv_sec) + Double(time.tv_nsec) / 1e9)
    }
}
