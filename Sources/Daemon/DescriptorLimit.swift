import Foundation

/// How many files and sockets this process may open.
package enum DescriptorLimit {
    private static let kind = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)

    /// The limit; `nil` if the system does not say.
    package static var current: Int? { read().map { Int(clamping: $0.rlim_cur) } }

    /// Raises the limit as far as the system lets the process, and returns it.
    static func raise() -> Int {
        // What every system has, if it does not say.
        guard var limit = read() else { return 256 }
        let soft = limit.rlim_cur
        limit.rlim_cur = limit.rlim_max
        return Int(clamping: setrlimit(kind, &limit) == 0 ? limit.rlim_max : soft)
    }

    private static func read() -> rlimit? {
        var limit = rlimit()
        return getrlimit(kind, &limit) == 0 ? limit : nil
    }
}
