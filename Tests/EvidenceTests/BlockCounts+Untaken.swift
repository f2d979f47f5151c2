import Evidence

extension BlockCounts {
    /// All that it counts, if nothing of it has been taken yet.
    var untaken: StreamCounts {
        var (copy, all) = (self, StreamCounts())
        copy.takeChanged(shares: 1, limit: .max, share: { _ in 0 }) { all = $1 }
        return all
    }
}
