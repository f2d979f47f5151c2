/// What a window must show to enter one of a latent's lists, held apart from the lists so that the many windows that
/// enter none are turned away after one look.
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

    private var train: UInt64
    private var test: UInt64
    private var earlierDay: UInt64
    private var latestDay: UInt64
    private var top: UInt16
    /// The priority that a window whose peak is exactly `top` must not exceed.
    private var topTie: UInt64 = .max
    var changes: Changes = []

    /// The gate of a latent that has nothing yet.
    init(settings: ReservoirSettings) {
        train = .max
        test = .max
        earlierDay = settings.recent == 0 ? 0 : .max
        latestDay = earlierDay
        top = settings.top == 0 ? .max : 0
    }

    /// Whether a window of this priority and peak may enter a list; one that is already in it always may.
    func mayEnter(_ list: SampleList, priority: UInt64, peak: UInt16) -> Bool {
        switch list {
        case .train: priority <= train
        case .top: peak > top || peak == top && priority <= topTie
        case .test: priority <= test
        case .earlierDay: priority <= earlierDay
        case .latestDay: priority <= latestDay
        }
    }

    /// Reads the thresholds anew from all lists.
    mutating func update(from samples: LatentSamples, settings: ReservoirSettings) {
        for list in SampleList.allCases { update(list, from: samples, settings: settings) }
    }

    /// Reads the threshold anew from one list.
    mutating func update(_ list: SampleList, from samples: LatentSamples, settings: ReservoirSettings) {
        let capacity = settings.capacity(of: list)
        switch list {
        case .train: train = samples.threshold(of: list, capacity: capacity)
        case .test: test = samples.threshold(of: list, capacity: capacity)
        case .earlierDay: earlierDay = samples.threshold(of: list, capacity: capacity)
        case .latestDay: latestDay = samples.threshold(of: list, capacity: capacity)
        case .top:
            top = samples.topThreshold(capacity: capacity)
            topTie = samples.threshold(of: list, capacity: capacity)
        }
    }
}
