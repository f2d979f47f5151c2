package import Running

/// What may be changed over HTTP, and the token that a request must carry which does.
package struct WriteAccess: Sendable {
    /// The bearer token.
    let token: String
    /// The state directory, for requests that are left there.
    let directory: String
    /// Has the topology's file read again.
    let reload: @Sendable () async -> ReloadOutcome
    /// Told of each request that was let through.
    let log: @Sendable (_ text: String) -> Void

    /// Makes an access.
    package init(
        token: String, directory: String, reload: @escaping @Sendable () async -> ReloadOutcome,
        log: @escaping @Sendable (_ text: String) -> Void
    ) {
        self.token = token
        self.directory = directory
        self.reload = reload
        self.log = log
    }
}
