/// Tells of models whose servers are away, once when that begins and once when it is over.
struct AwayNotice {
    private var told: [String: String] = [:]

    /// The lines to write now.
    ///
    /// - Parameter away: By the name of the model: since when its server has been away.
    mutating func lines(after away: [String: String]) -> [String] {
        let names = Set(told.keys).union(away.keys).sorted()
        defer { told = away }
        return names.compactMap { model in
            switch (told[model], away[model]) {
            case (nil, let since?): "the server of \(model) is away since \(since); jobs wait for it"
            case (_?, nil): "the server of \(model) answers again"
            default: nil
            }
        }
    }
}
