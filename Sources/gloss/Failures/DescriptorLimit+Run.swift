import Daemon

extension DescriptorLimit {
    /// What a run takes that serves nobody and asks no broker; with less, libraries end the process without a word.
    private static let leastForRun = 32

    /// Why a run cannot be begun under a limit; `nil` if it can.
    static func fault(limit: Int) -> String? {
        guard limit < leastForRun else { return nil }
        return "at most \(limit) open files are allowed, and a run takes at least \(leastForRun), more with HTTP and "
            + "brokers; raise `ulimit -n`"
    }
}
