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
