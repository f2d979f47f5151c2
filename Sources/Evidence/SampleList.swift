/// The lists of windows kept of one latent.
enum SampleList: Int, CaseIterable {
    /// Train windows of lowest priority.
    case train
    /// Train windows of largest peak.
    case top
    /// Test windows of lowest priority.
    case test
    /// Test windows of lowest priority on the day before the latest.
    case earlierDay
    /// Test windows of lowest priority on the latest day.
    case latestDay

    /// Several lists, a bit for each.
    struct Choice: OptionSet, Sendable {
        let rawValue: UInt8
        init(rawValue: UInt8) { self.rawValue = rawValue }
        init(_ list: SampleList) { rawValue = 1 << UInt8(list.rawValue) }
        static let train = Choice(.train)
        static let top = Choice(.top)
        static let test = Choice(.test)
        static let earlierDay = Choice(.earlierDay)
        static let latestDay = Choice(.latestDay)
        var count: Int { rawValue.nonzeroBitCount }
    }
}

extension ReservoirSettings {
    /// The most entries of a list.
    func capacity(of list: SampleList) -> Int {
        switch list {
        case .train, .test: sample / 2
        case .top: top
        case .earlierDay, .latestDay: recent
        }
    }

    /// The most entries of one latent.
    var entriesPerLatent: Int { SampleList.allCases.reduce(0) { $0 + capacity(of: $1) } }
}
