import Foundation

/// How many files and sockets this process may open.
enum DescriptorLimit {
    /// Raises the limit as far as the system lets the process, and returns it.
    static func raise() -> Int {
        var limit = rlimit()
        let kind = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        // What every system has, if it does not say.
        guard getrlimit(kind, &limit) == 0 else { return 256 }
        let soft = limit.rlim_cur
        limit.rlim_cur = limit.rlim_max
        return Int(clamping: setrlimit(kind, &limit) == 0 ? limit.rlim_max : soft)
    }
}
