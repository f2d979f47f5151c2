import Running

extension Outages {
    /// Outages of which nobody is told.
    static var silent: Outages {
        Outages(clock: ContinuousClock(), notice: { _, _ in }, onChange: { _, _ in })
    }
}
