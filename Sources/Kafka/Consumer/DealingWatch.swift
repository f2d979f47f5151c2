/// Says once that a group takes long to deal out its partitions.
struct DealingWatch {
    /// Longer than brokers take where no member has gone without a word.
    static let limit = Duration.seconds(60)

    private let now: () -> ContinuousClock.Instant
    private var began: ContinuousClock.Instant?
    private var isTold = false

    init(now: @escaping () -> ContinuousClock.Instant = { ContinuousClock.now }) { self.now = now }

    /// Whether it is time to say so.
    ///
    /// - Parameter isWaiting: Whether the member waits for the group, and brokers answer.
    mutating func isTime(isWaiting: Bool) -> Bool {
        guard isWaiting else {
            (began, isTold) = (nil, false)
            return false
        }
        let time = now()
        let start = began ?? time
        began = start
        guard !isTold, start.duration(to: time) >= Self.limit else { return false }
        isTold = true
        return true
    }
}
