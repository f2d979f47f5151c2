/// What a window must show to enter one of a latent's lists, held apart from the lists in 24 bytes, so that the many
/// windows that enter none are turned away after one look.
///
/// Thresholds are the upper halves of priorities: now and then a window passes that the list then turns away.
struct LatentGate: Sendable {
    /// What has changed of a latent.
    struct Changes: OptionSet, Sendable {
        let rawValue: UInt8
        /// Its counts, since the last segment.
        static let counts = Changes(rawValue: 1)
        /// Its entries, since the last segment.
        static let entries = Changes(rawValue: 2)
        /// Its entries, since its digest was taken.
        static let digest = Changes(rawValue: 4)
    }

    private var train = UInt32.max
    private var test = UInt32.max
    private var earlierDay = UInt32.max
    private var latestDay = UInt32.max
    /// What the priority of a window whose peak is exactly `top` must not exceed.
    private var topTie = UInt32.max
    private var top: UInt16
    var changes: Changes = []

    /// The gate of a latent that has nothing yet.
    init(settings: ReservoirSettings) { top = settings.top == 0 ? .max : 0 }

    /// The lists among some that a window may enter, by the upper half of its priority and its peak; one that is already
    /// in a list may always enter it.
    @inline(__always) func open(
        _ lists: SampleList.Choice, priority: UInt32, peak: UInt16
    ) -> SampleList.Choice {
        var result: SampleList.Choice = []
        if lists.contains(.train) {
            if priority <= train { result.insert(.train) }
            if peak > top || peak == top && priority <= topTie { result.insert(.top) }
        } else {
            if priority <= test { result.insert(.test) }
            if lists.contains(.latestDay), priority <= latestDay { result.insert(.latestDay) }
            if lists.contains(.earlierDay), priority <= earlierDay { result.insert(.earlierDay) }
        }
        return result
    }

    /// Sets the priority that a list's windows must not exceed; `nil` while the list is not full.
    mutating func set(_ list: SampleList, last priority: UInt64?) {
        let threshold = priority.map { UInt32(truncatingIfNeeded: $0 >> 32) } ?? .max
        switch list {
        case .train: train = threshold
        case .test: test = threshold
        case .earlierDay: earlierDay = threshold
        case .latestDay: latestDay = threshold
        case .top: topTie = threshold
        }
    }

    /// Sets the peak that a window must reach to enter `top`, 0 while it is not full.
    mutating func set(topPeak: UInt16) { top = topPeak }
}
