import Foundation

/// How many files and sockets the process may have open.
enum DescriptorLimit {
    /// What a run takes that serves nobody and asks no broker; with less, libraries end the process without a word.
    static let leastForRun: UInt = 32

    /// Why a run cannot be begun under a limit; `nil` if it can.
    static func fault(limit: UInt) -> String? {
        guard limit < leastForRun else { return nil }
        return "at most \(limit) open files are allowed, and a run takes at least \(leastForRun), more with HTTP and "
            + "brokers; raise `ulimit -n`"
    }

    /// The limit of this process.
    static var current: UInt {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return .max }
        return UInt(limit.rlim_cur)
    }
}
