extension Clock where Duration == Swift.Duration {
    /// The time since the call, asked as often as one likes.
    package func stopwatch() -> @Sendable () -> Duration {
        let start = now
        return { start.duration(to: self.now) }
    }
}
